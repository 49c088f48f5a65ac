package app

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mirabilia/internal/db"
	"mirabilia/internal/job"
	"mirabilia/internal/mail"
	"mirabilia/internal/mail/letters"
	"mirabilia/internal/setting"
)

// crewOfJobs makes the crew that works the jobs, and registers who works which. On
// SQLite this is the only process that does (the lock of the data directory
// says so), so what an earlier one had begun is nobody's.
func (a *App) crewOfJobs(ctx context.Context, key []byte) error {
	if a.db.Engine() == db.SQLite {
		if err := job.Release(ctx, a.db); err != nil {
			return err
		}
	}
	a.jobs = job.NewCrew(a.db, a.log)
	a.metrics.MustRegister(jobFigures{a.db, a.jobs, a.options.Now})
	job.Work(a.jobs, func(ctx context.Context, _ accountsSweep) error { return a.users.Sweep(ctx) }, job.Limits{Together: 1})
	a.jobs.Recur(accountsSweep{}, job.Daily(4, 20, a.config.Zone()))
	job.Work(a.jobs, func(ctx context.Context, _ accountsLift) error { return a.users.Lift(ctx) }, job.Limits{Together: 1})
	a.jobs.Recur(accountsLift{}, job.Every(10*time.Minute))
	if err := a.openPost(key); err != nil {
		return err
	}
	a.openNews(key)
	a.openAgeing()
	a.openDarkroom()
	a.openCounts()
	a.openReports(key)
	return a.proofs(key)
}

// accountsSweep is the job that forgets each night what has expired of accounts:
// sessions, links, attempts, accounts that nobody confirmed.
type accountsSweep struct{}

// Kind names the job.
func (accountsSweep) Kind() string { return "accounts.sweep" }

// accountsLift is the job that ends suspensions whose time is over.
type accountsLift struct{}

// Kind names the job.
func (accountsLift) Kind() string { return "accounts.lift" }

// openPost makes the way out for letters.
func (a *App) openPost(key []byte) (err error) {
	c := a.config
	a.post, err = mail.Open(mail.Config{
		SMTP: c.SMTP, Rate: c.SMTPRate, Connections: *c.SMTPConnections, Outbox: filepath.Join(c.Data, "outbox"),
		From: c.MailFrom, Name: a.atlasName, Log: a.log, Now: a.options.Now,
		DKIMKey: c.DKIMKey, DKIMSelector: c.DKIMSelector, Bounced: a.users.Bounced, Closed: a.users.Closed,
		Bounces: c.Bounces, Key: key,
	})
	if err != nil {
		return err
	}
	a.closers = append(a.closers, a.post.Close)
	job.Work(a.jobs, a.post.Send, a.post.Limits())
	job.Work(a.jobs, func(ctx context.Context, _ mail.Collecting) error { return a.post.Collect(ctx) }, mail.Collecting{}.Limits())
	if c.Bounces != "" {
		a.jobs.Recur(mail.Collecting{}, job.Every(5*time.Minute))
	}
	a.metrics.MustRegister(
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "mirabilia_mails_sent_total", Help: "Mails handed to the mail server, or written into the outbox."},
			func() float64 { return float64(a.post.Sent.Load()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "mirabilia_mails_refused_total", Help: "Mails that the other side refused for good."},
			func() float64 { return float64(a.post.Refused.Load()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "mirabilia_mails_returned_total", Help: "Mails that came back after they had been taken."},
			func() float64 { return float64(a.post.Returned.Load()) }),
	)
	return a.post.Sweep()
}

// atlasName is the name that the operator gave the atlas, "" while it cannot be
// asked for.
func (a *App) atlasName(ctx context.Context) string {
	s, err := a.settings.Now(ctx)
	if err != nil {
		return ""
	}
	return s.Name
}

// letterhead is who writes the atlas's letters.
func (a *App) letterhead(ctx context.Context) letters.Atlas {
	return letters.Atlas{Name: cmp.Or(a.atlasName(ctx), setting.Defaults().Name), URL: a.config.URL}
}

// jobFigures gives the figures of the queue when they are asked for.
type jobFigures struct {
	db   *db.DB
	crew *job.Crew
	now  func() time.Time
}

var (
	jobsWaiting = prometheus.NewDesc("mirabilia_jobs_waiting", "Jobs that wait or are worked on.", []string{"kind"}, nil)
	jobsGivenUp = prometheus.NewDesc("mirabilia_jobs_given_up", "Jobs that are tried no more, of the last month.", []string{"kind"}, nil)
	jobsLate    = prometheus.NewDesc("mirabilia_jobs_late_seconds", "How long the job that has been due longest waits.", []string{"kind"}, nil)
)

// Describe implements prometheus.Collector.
func (jobFigures) Describe(out chan<- *prometheus.Desc) {
	out <- jobsWaiting
	out <- jobsGivenUp
	out <- jobsLate
}

// Collect implements prometheus.Collector.
func (f jobFigures) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	counts, err := job.Counts(ctx, f.db)
	if err != nil {
		out <- prometheus.NewInvalidMetric(jobsWaiting, err)
		return
	}
	// A kind of which nothing waits says so: what is not there cannot be watched.
	for _, kind := range f.crew.Kinds() {
		if !slices.ContainsFunc(counts, func(c job.Count) bool { return c.Kind == kind }) {
			counts = append(counts, job.Count{Kind: kind})
		}
	}
	for _, c := range counts {
		late := 0.0
		if !c.Oldest.IsZero() {
			late = f.now().Sub(c.Oldest).Seconds()
		}
		out <- prometheus.MustNewConstMetric(jobsWaiting, prometheus.GaugeValue, float64(c.Waiting), c.Kind)
		out <- prometheus.MustNewConstMetric(jobsGivenUp, prometheus.GaugeValue, float64(c.GaveUp), c.Kind)
		out <- prometheus.MustNewConstMetric(jobsLate, prometheus.GaugeValue, max(late, 0), c.Kind)
	}
}

// examineJobs tells doctor of jobs that were given up; those that wait are no
// fault.
func examineJobs(ctx context.Context, d *db.DB, fault func(string, ...any)) error {
	counts, err := job.Counts(ctx, d)
	for _, c := range counts {
		if c.GaveUp > 0 {
			reason, _, _ := strings.Cut(c.Fault, "\n")
			fault("jobs: %s of kind %s, the last because: %s", several(c.GaveUp, "job was", "jobs were"), c.Kind, reason)
		}
	}
	return err
}

func several(n int, one, many string) string {
	if n == 1 {
		return "1 " + one + " given up"
	}
	return fmt.Sprintf("%d %s given up", n, many)
}
