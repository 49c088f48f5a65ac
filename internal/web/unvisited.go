package web

import (
	"net/http"

	"mirabilia/internal/actor"
	"mirabilia/internal/errs"
	"mirabilia/internal/mark"
)

// unvisited answers a public page that was asked for what the reader has not
// been to: the same page, less those places. The answer is the reader's own, so
// it is kept by nobody, neither here nor on its way; who is not signed in is led
// there, a program is refused.
func (s *Site) unvisited(c *call, route *Route, q Public) {
	if err := s.leaveOutBeen(c.r, &q); err != nil {
		if errs.Is(err, errs.Unsigned) && route.Kind == Page && q.Form == "" {
			c.redirect(http.StatusSeeOther, signInPath(c.r.URL))
			return
		}
		c.fail(err)
		return
	}
	a, err := route.Public(c.r.Context(), q)
	if err != nil {
		c.fail(inForm(err, q.Form))
		return
	}
	if a.Kind != Failure {
		a.Kind = Personal
	}
	a.NoIndex, a.Shows = true, nil
	if a.Stream != nil {
		s.stream(c, route, a, c.r)
		return
	}
	c.status = s.ready(route, a, 0, c.start).write(c.w, c.r)
}

// leaveOutBeen fills in where the reader has been.
func (s *Site) leaveOutBeen(r *http.Request, q *Public) error {
	if s.Marks == nil {
		return errs.New(errs.NotFound, "Nobody has marks in this atlas.")
	}
	var who actor.Actor
	var err error
	if s.Who != nil {
		if who, err = s.Who(r); err != nil {
			return err
		}
	}
	if err := who.Needs(actor.Member); err != nil {
		return err
	}
	q.Been, err = s.Marks.All(r.Context(), who.ID, mark.Been)
	return err
}
