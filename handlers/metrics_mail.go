package handlers

import (
	"context"
	"math"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/harkhq/hark/surveys"
)

// mailQueue tells how mails stand whenever it is asked.
type mailQueue struct {
	read               func(context.Context) (surveys.MailQueue, error)
	due, wait, returns *prometheus.Desc
}

// MailQueue has the metrics tell how many letters are due, how long the first of them
// waits, and what came back, as the database knows it: every server that shares it
// tells the same. Where it cannot be read, the first two are not a number.
func (m *Metrics) MailQueue(read func(context.Context) (surveys.MailQueue, error)) {
	m.registry.MustRegister(&mailQueue{
		read:    read,
		due:     prometheus.NewDesc("hark_mail_due", "Letters whose time has come and that have not left, of each workspace 100,000 at most.", nil, nil),
		wait:    prometheus.NewDesc("hark_mail_due_oldest_seconds", "How long the letter waits that has been due for longest; 0 without any.", nil, nil),
		returns: prometheus.NewDesc("hark_mail_returns_24h", "Reports about letters that came in within the last 24 hours, by class.", []string{"class"}, nil),
	})
}

// Describe names the metrics.
func (q *mailQueue) Describe(to chan<- *prometheus.Desc) {
	to <- q.due
	to <- q.wait
	to <- q.returns
}

// Collect asks the database.
func (q *mailQueue) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), lostKeysPatience)
	defer cancel()
	queue, err := q.read(ctx)
	due, wait := float64(queue.Due), queue.Wait.Seconds()
	if err != nil {
		due, wait, queue.Returns = math.NaN(), math.NaN(), nil
	}
	to <- prometheus.MustNewConstMetric(q.due, prometheus.GaugeValue, due)
	to <- prometheus.MustNewConstMetric(q.wait, prometheus.GaugeValue, wait)
	for class, n := range queue.Returns {
		to <- prometheus.MustNewConstMetric(q.returns, prometheus.GaugeValue, float64(n), string(class))
	}
}
