package app

import (
	"net"
	"net/http"
	"net/http/pprof"
	"strings"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"mirabilia/internal/actor"
	"mirabilia/internal/web"
)

// operatorPages are the pages of editors that the operator has on the private
// port without an account.
const operatorPages = "/admin/areas"

// privateHandler is what the private port serves: metrics, profiles, and the
// operator's pages with what they show. docs/operating.md says who may reach it.
func (a *App) privateHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case a.inside == nil:
			http.NotFound(w, r)
		case !byAddress(r.Host):
			http.Error(w, "Ask by the address of the private port, not by a name.", http.StatusMisdirectedRequest)
		default:
			a.inside.ServeHTTP(w, r)
		}
	})
	return mux
}

// byAddress reports whether a host is an IP address or localhost: a page of
// another site that lets its own name lead here must not act as the operator.
func byAddress(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	return host == "localhost" || net.ParseIP(host) != nil
}

// privateSite is the site as the operator sees it: whoever reaches the private
// port may draw areas, and is nobody on every other page.
func (a *App) privateSite(d web.Deps) (*web.Site, error) {
	d.URL, d.Metrics, d.Keep = "http://"+a.PrivateAddr(), nil, 0
	d.Who = func(r *http.Request) (actor.Actor, error) {
		if r.URL.Path == operatorPages || strings.HasPrefix(r.URL.Path, operatorPages+"/") {
			return operator, nil
		}
		return actor.Actor{}, nil
	}
	return web.New(d)
}
