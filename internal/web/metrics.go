package web

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// watch counts the answers of one route and how long they took, by the class
// of their status; the observers are looked up once, so that seeing a request
// costs some 50 ns.
type watch struct {
	classes [6]prometheus.Observer // 0 unused, 1xx … 5xx
}

// seen records one answer.
func (w *watch) seen(status int, took time.Duration) {
	if w == nil {
		return
	}
	class := status / 100
	if class < 1 || class > 5 {
		class = 5
	}
	w.classes[class].Observe(took.Seconds())
}

// watches makes the watch of each route in a registry; nil without one.
type watches struct{ seconds *prometheus.HistogramVec }

func newWatches(reg prometheus.Registerer) (*watches, error) {
	if reg == nil {
		return nil, nil
	}
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "mirabilia_http_request_seconds",
		Help: "Time to answer a request, by route and class of status.",
		// From a kept page (30 µs) to what nobody should wait for.
		Buckets: []float64{.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5},
	}, []string{"route", "status"})
	return &watches{h}, reg.Register(h)
}

func (w *watches) of(route string) *watch {
	if w == nil {
		return nil
	}
	one := &watch{}
	for class, name := range []string{"other", "1xx", "2xx", "3xx", "4xx", "5xx"} {
		one.classes[class] = w.seconds.WithLabelValues(route, name)
	}
	return one
}
