package handlers

import (
	"cmp"
	"context"
	"math"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/harkhq/hark/handlers/web"
)

// Metrics are what /metrics tells a Prometheus. Routes are named by their
// patterns, so that no id becomes a label.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	batches  prometheus.Histogram
	waits    prometheus.Histogram
	mails    *prometheus.CounterVec
	rests    *prometheus.CounterVec
	jobs     *prometheus.CounterVec
}

// NewMetrics makes the metrics of one server; linked is as [Version] takes it.
func NewMetrics(linked string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hark_http_requests_total", Help: "Requests answered, by route and status."}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "hark_http_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}}, []string{"route"}),
		batches: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "hark_ingest_batch_size", Help: "Answers stored in one transaction.", Buckets: prometheus.ExponentialBuckets(1, 2, 9)}),
		waits:   prometheus.NewHistogram(prometheus.HistogramOpts{Name: "hark_ingest_wait_seconds", Help: "Time that the first answer of a batch waited for the writer.", Buckets: prometheus.ExponentialBuckets(.0001, 3, 10)}),
		mails:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hark_mail_total", Help: "Invitations handled by the dispatcher, by outcome."}, []string{"outcome"}),
		rests:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hark_mail_rests_total", Help: "Times that mails to a receiver began to rest, by cause: policy, refused, returned or busy; and that a workspace's mails stopped: complaints."}, []string{"cause"}),
		jobs:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hark_jobs_total", Help: "Jobs worked off, by kind and result."}, []string{"kind", "result"}),
	}
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "hark_build_info", Help: "The program that runs; always 1."}, []string{"version", "go"})
	m.registry.MustRegister(m.requests, m.seconds, m.batches, m.waits, m.mails, m.rests, m.jobs, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	version, goVersion := Version(linked)
	build.WithLabelValues(version, goVersion).Set(1)
	return m
}

// LostKeys has the metrics tell how many keys sign that the DNS has lost, whenever
// they are asked for: what is wrong with a key lasts, so that it is no count of
// events. Where it cannot be read, the metric is not a number.
func (m *Metrics) LostKeys(count func(context.Context) (int, error)) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "hark_dkim_keys_lost", Help: "Keys that sign mails although the DNS no longer has their records, as it was last looked (hourly)."}, func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), lostKeysPatience)
		defer cancel()
		n, err := count(ctx)
		if err != nil {
			return math.NaN()
		}
		return float64(n)
	}))
}

// DroppedTouches has the metrics tell how many requests for the links of letters
// were not noted, because more came than could be written, or the database took
// none. Answers are never among them.
func (m *Metrics) DroppedTouches(count func() int64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "hark_touches_dropped_total", Help: "Requests for links of letters that were not noted: the queue was full, or the database refused them."}, func() float64 {
		return float64(count())
	}))
}

// lostKeysPatience is how long the metrics wait for the database.
const lostKeysPatience = 5 * time.Second

// Version is the program's version and that of the Go that built it. Linked is
// the version that was linked into the program; "" if none was, and then it is
// what the Go build noted.
func Version(linked string) (version, goVersion string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return cmp.Or(linked, "unknown"), "unknown"
	}
	if linked != "" {
		return linked, info.GoVersion
	}
	version = info.Main.Version
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && (version == "" || version == "(devel)") && len(setting.Value) >= 12 {
			version = setting.Value[:12]
		}
	}
	return version, info.GoVersion
}

// Batch is told of each batch of answers.
func (m *Metrics) Batch(size int, waited time.Duration) {
	m.batches.Observe(float64(size))
	m.waits.Observe(waited.Seconds())
}

// Mail is told of the outcome of each invitation.
func (m *Metrics) Mail(outcome string) { m.mails.WithLabelValues(outcome).Inc() }

// StreamRested is told of each receiver whose mails begin to rest.
func (m *Metrics) StreamRested(cause string) { m.rests.WithLabelValues(cause).Inc() }

// Job is told of each job that ended.
func (m *Metrics) Job(kind string, err error) {
	result := "done"
	if err != nil {
		result = "failed"
	}
	m.jobs.WithLabelValues(kind, result).Inc()
}

// middleware counts requests.
func (m *Metrics) middleware(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		err := next(c)
		status := c.Response().Status
		if err != nil {
			status = web.Status(err)
		}
		route := c.Path()
		if route == "" {
			route = "unknown"
		}
		m.requests.WithLabelValues(c.Request().Method, route, strconv.Itoa(status)).Inc()
		m.seconds.WithLabelValues(route).Observe(time.Since(start).Seconds())
		return err
	}
}

func (m *Metrics) handler() echo.HandlerFunc {
	return echo.WrapHandler(promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
}
