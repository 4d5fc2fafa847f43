# Everything that one does with this checkout. `make help` lists it.

# At most four packages are tested at once: several of them start a database or
# a browser of their own.
PARALLEL ?= $(shell n=$$(nproc 2>/dev/null || echo 2); [ "$$n" -le 4 ] || n=4; echo $$n)
TIMEOUT  ?= 20m
PKG      ?= ./...
BENCH    ?= .
ARGS     ?=
# What `hark version` and /metrics say: the release or the commit, and whether
# the checkout differs from it.
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.DEFAULT_GOAL := help
.PHONY: help demo build generate lint check-generated test test-watched test-calm test-deps bench simulate screenshots clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: build ## Build Hark and start it with a believable year (ARGS="--dir PATH" keeps it)
	bin/hark demo $(ARGS)

build: ## Build bin/hark, one static binary
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/hark ./cmd/hark

generate: ## Regenerate what is committed as generated code
	go tool templ generate
	go generate ./...

lint: ## gofmt, go vet, staticcheck
	.ci/lint.sh

check-generated: ## Compare generated code with its sources
	.ci/generated.sh

test-deps: ## Install what the tests need and the system lacks (Debian, Ubuntu)
	.ci/install.sh compiler postgresql browser fonts spamassassin dkim postfix exim languages

# Tested without the race detector: packages that start no goroutine (but for the
# tables of analysis/simulate, whose parts share nothing), and the demo's year, a
# hundred thousand rows in each test, which would take longer than everything else
# together. How its rows are loaded while others are made is tested with the detector
# in surveys/store. So are the files with the tag !race: the simulated year of asking
# and the table of faults, whose parts are watched in the tests beside them, pages of
# shops, since the browsers' driver has a race of its own where it enters a frame, and
# all visits of scanners, of which some are watched.
CALM := /hark/(analysis|static|templates|surveys$$|surveys/table|surveys/flow/northwind)

# The names of the tests in files with a build tag.
tests_of = grep -rl --include='*_test.go' '^//go:build $(1)$$' mailer handlers | xargs sed -nE 's/^func (Test[[:alnum:]]+)\(.*/\1/p' | paste -sd '|'

# These take longest, so they begin first.
LONG := $(if $(filter ./...,$(PKG)),./handlers/office ./mailer ./handlers/respond ./surveys/flow)

# SQLite is C turned into Go, without a goroutine of its own, and its driver copies
# byte by byte into C's memory. Watched by the race detector they take more than
# half of all time, and say nothing of our code; nor does the browsers' driver.
# Their atomic operations stay calls that the detector sees: the linker keeps one copy
# of what packages share, such as sync.Map's parts, and may keep theirs.
UNWATCHED := -race=false -d=checkptr=0,ssa/intrinsics/off
RACE := -race -gcflags='modernc.org/...=$(UNWATCHED)' -gcflags='github.com/chromedp/...=$(UNWATCHED)'

test: test-deps check-generated ## Everything that the CI checks
	$(MAKE) --no-print-directory -j2 --output-sync=target test-watched test-calm

# Beside the watched tests, which wait for disks and browsers much of their time,
# there is room for the rest. What go test vets is part of lint.
test-watched:
	go list $(LONG) $(PKG) | grep -Ev '$(CALM)' | CGO_ENABLED=1 xargs -r go test $(RACE) -vet=off -shuffle=on -timeout $(TIMEOUT) -p $(PARALLEL)

test-calm: lint
	go list $(PKG) | grep -E '$(CALM)' | CGO_ENABLED=0 xargs -r go test -vet=off -shuffle=on -timeout $(TIMEOUT)
	CGO_ENABLED=0 go test -vet=off -run "^($$($(call tests_of,!race))|Test.*DoNotVote)$$" -timeout $(TIMEOUT) ./mailer ./handlers/respond

bench: ## Run the benchmarks (PKG=./cmd/hark BENCH=Ingest narrows them)
	.ci/install.sh postgresql wrk
	go test -run '^$$' -bench '$(BENCH)' -benchmem -timeout $(TIMEOUT) -p 1 $(PKG)

simulate: ## Simulate what the statistics promise, and write the tables of docs/methods.md
	go test -count=1 -run WriteTables -timeout $(TIMEOUT) ./analysis/simulate -write-tables

screenshots: ## Take the pictures that the README and docs/ show, into docs/img
	.ci/install.sh postgresql browser fonts
	mkdir -p docs/img
	HARK_SCREENSHOTS='$(CURDIR)/docs/img' go test -count=1 -run Picture -timeout $(TIMEOUT) -p 1 $(PKG)

clean: ## Remove what was built
	rm -rf bin dist
