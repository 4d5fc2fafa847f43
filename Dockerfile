# Hark as one static binary in an empty image: no shell, no libc, no root.

FROM golang:1.26-bookworm AS build
WORKDIR /src
# The modules first: they change less often than the code.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The version is told, since .git is not here: docker build --build-arg VERSION=…
ARG VERSION=dev
# timetzdata puts the time zones into the binary, since the final image has none.
RUN CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags "-s -w -X main.version=${VERSION}" -o /image/hark ./cmd/hark
# What the empty image needs besides: certificates to send mail and webhooks
# over TLS, a name for the account, and two folders that it may write to.
RUN mkdir -p /image/etc/ssl/certs /image/data /image/tmp \
 && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
 && echo 'hark:x:65532:65532:Hark:/data:/hark' > /image/etc/passwd \
 && echo 'hark:x:65532:' > /image/etc/group \
 && chown -R 65532:65532 /image/data /image/tmp

FROM scratch
COPY --from=build /image/ /
USER 65532:65532
WORKDIR /data
ENV HARK_ADDR=:8080 \
    HARK_DATABASE=sqlite:/data/hark.db
VOLUME /data
EXPOSE 8080
# Exec form: there is no shell. `hark health` asks /healthz of HARK_ADDR.
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 CMD ["/hark", "health"]
ENTRYPOINT ["/hark"]
CMD ["serve"]
