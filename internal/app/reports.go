package app

import (
	"context"
	"strings"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
	"mirabilia/internal/job"
	"mirabilia/internal/mail"
	"mirabilia/internal/mail/letters"
	"mirabilia/internal/notice"
	"mirabilia/internal/report"
)

// openReports joins reports with those who hear of them.
func (a *App) openReports(key []byte) {
	a.reports.Vouch, a.reports.Key = a.users.Vouch, key
	a.reports.Concern = a.tellConcerned
	a.reports.Answer = func(tx *db.Tx, _ string, n report.Answered) error {
		return job.Enqueue(tx, answering{Report: n.Report, Title: n.Title, Acted: n.Acted, Message: n.Message}, job.At(n.After.Add(afterUndo)))
	}
	job.Work(a.jobs, a.answer, job.Limits{Together: 2})
	job.Work(a.jobs, func(ctx context.Context, _ reportsSweep) error { return a.reports.Sweep(ctx) }, job.Limits{Together: 1})
	a.jobs.Recur(reportsSweep{}, job.Daily(4, 40, a.config.Zone()))
}

// reportsSweep is the job that forgets each night who reported what was decided
// long ago without an account.
type reportsSweep struct{}

// Kind names the job.
func (reportsSweep) Kind() string { return "reports.sweep" }

// answering is the job that answers somebody who reported without an account,
// when the decision can no longer be undone. The address stays in the report.
type answering struct {
	Report  int64  `json:"report"`
	Title   string `json:"title"`
	Acted   bool   `json:"acted"`
	Message string `json:"message"`
}

// Kind names the job.
func (answering) Kind() string { return "reports.answer" }

// answer writes the letter in the transaction that forgets the address, so that
// it leaves once.
func (a *App) answer(ctx context.Context, j answering) error {
	return a.db.Write(ctx, func(tx *db.Tx) error {
		to, err := report.Answering(tx, j.Report, j.Acted)
		if err != nil || to == "" {
			return err
		}
		return mail.Enqueue(tx, letters.ReportAnswered(a.letterhead(ctx), to, j.Title, j.Acted, j.Message))
	})
}

// aboutReport begins what notices are about that tell an author what became of
// something of theirs that was reported or taken down; its kind follows.
const aboutReport = "report."

// tellConcerned tells an author. What was decided about a photo that came over
// the desk, the desk tells, and so it does of a suspension that ended by an appeal.
func (a *App) tellConcerned(tx *db.Tx, c report.Concerned) error {
	if c.Kind == report.Member && c.How == report.Restore {
		return nil
	}
	if c.Kind == report.Photo && c.How != "" {
		_, err := a.desk.In(tx, c.ID)
		if !errs.Is(err, errs.NotFound) {
			return err
		}
	}
	n := notice.Notice{Member: c.Author, Kind: notice.Decision, Action: letters.LooksGood, About: aboutReport + string(c.Kind), Subject: c.ID,
		Once: notice.Onces("report", c.Item), Title: c.Title, Reason: string(c.Why.Code), Words: c.Why.Text, Path: c.Path}
	switch c.How {
	case report.Down:
		n.Action = letters.TakenDown
		if c.Kind == report.Place || c.Kind == report.Photo || c.Kind == report.List || c.Kind == report.Visit {
			n.Path = "/report?of=" + c.Name() // where to ask for a second look
		}
	case report.Restore:
		n.Action, n.Reason, n.Words = letters.GivenBack, "", ""
	default:
		n.Reason, n.Words = "", ""
	}
	if c.Undone {
		n.Action = letters.TakenBack
		return a.notices.TakeBack(tx, c.Author, n.Once, n)
	}
	after := time.Time{}
	if !c.After.IsZero() {
		after = c.After.Add(afterUndo)
	}
	return a.notices.Tell(tx, n, after)
}

// concernedLetter is the letter of such a notice.
func (a *App) concernedLetter(from letters.Atlas, to, shown string, n notice.Notice, stop string) mail.Message {
	return letters.Concerned(from, to, letters.Submission{Shown: shown, Title: n.Title, Kind: strings.TrimPrefix(n.About, aboutReport), Path: n.Path}, n.Action, n.Words, stop)
}
