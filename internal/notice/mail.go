package notice

import (
	"context"
	"database/sql"
	"time"

	"mirabilia/internal/db"
	"mirabilia/internal/job"
	"mirabilia/internal/user"
)

// Work registers the jobs of notices with a crew.
func (x *Notices) Work(c *job.Crew, zone *time.Location) {
	job.Work(c, x.mail, job.Limits{Together: 4})
	job.Work(c, func(ctx context.Context, _ weekly) error { return x.weekly(ctx) }, job.Limits{Together: 1, Time: time.Hour})
	job.Work(c, func(ctx context.Context, _ sweep) error { return x.Sweep(ctx) }, job.Limits{Together: 1})
	c.Recur(weekly{}, job.Weekly(time.Monday, 7, 0, zone))
	c.Recur(sweep{}, job.Daily(4, 40, zone))
}

type weekly struct{}

func (weekly) Kind() string { return "notice.weekly" }

type sweep struct{}

func (sweep) Kind() string { return "notice.sweep" }

// mail sends the letter of a notice, if there still is one to send.
func (x *Notices) mail(ctx context.Context, l letter) error {
	return x.db.Write(ctx, func(tx *db.Tx) error {
		// First the mark: on PostgreSQL it holds the row, so that what takes the
		// notice back comes before this or after it, never between.
		n, err := tx.Exec(`UPDATE notices SET mailed_at = $2 WHERE id = $1 AND mailed_at = 0`, l.Notice, tx.DB().Millis())
		if err != nil || n == 0 {
			return err
		}
		some, err := list(tx, `WHERE id = $1`, l.Notice)
		if err != nil || len(some) == 0 {
			return err
		}
		to, wished, err := x.reader(tx, some[0])
		if err != nil || !wished {
			return err
		}
		waits, err := x.waits(tx, some[0])
		if err != nil || waits || x.joins.Post == nil {
			return err
		}
		return x.joins.Post(tx, to, some[0], x.StopPath(to.ID, some[0].Kind))
	})
}

// reader is who would get a letter of a notice, and whether they wish it and can.
func (x *Notices) reader(tx *db.Tx, n Notice) (*user.Member, bool, error) {
	m, err := user.ByID(tx, n.Member)
	if err != nil {
		return nil, false, err
	}
	c, err := choiceOf(tx, n.Kind, n.Member)
	open := m.State == user.Active || m.State == user.Suspended || m.State == user.Banned && x.joins.Outside != nil && x.joins.Outside(n)
	return m, c.Mail && m.Email != "" && !m.Verified.IsZero() && open, err
}

// waits reports whether the member has had a letter of the same doing in a
// conversation and not read it yet: one is enough to bring them there.
func (x *Notices) waits(tx *db.Tx, n Notice) (waits bool, err error) {
	if n.Kind != Message && n.Kind != Desk {
		return false, nil
	}
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM notices WHERE about = $1 AND subject = $2 AND member = $3 AND action = $4 AND shown AND read_at = 0 AND mailed_at > 0 AND id < $5)`,
		n.About, n.Subject, n.Member, n.Action, n.ID).Scan(&waits)
	return waits, err
}

const (
	// mostWeekly is how many news one letter gathers at most.
	mostWeekly = 200
	// apart is the least time between two weekly letters: a week, less what a
	// late run may have taken.
	apart = 6 * 24 * time.Hour
	// handful is how many members are looked up at once.
	handful = 200
)

// weekly sends everybody who wishes it what is new in what they follow. Each
// letter is a transaction of its own, so a run that is cut short goes on where
// it was.
func (x *Notices) weekly(ctx context.Context) error {
	for after := int64(0); ; {
		var members []int64
		err := x.db.Read(ctx, func(tx *db.Tx) error {
			members = nil
			rows, err := tx.Query(`SELECT DISTINCT member FROM notices WHERE weekly AND member > $1 ORDER BY member LIMIT $2`, after, handful)
			return db.Each(rows, err, func(r *sql.Rows) error {
				var id int64
				err := r.Scan(&id)
				members = append(members, id)
				return err
			})
		})
		if err != nil || len(members) == 0 {
			return err
		}
		for _, id := range members {
			if err := x.weeklyTo(ctx, id); err != nil {
				return err
			}
		}
		after = members[len(members)-1]
	}
}

// weeklyTo sends one member the letter, unless one left within the week.
func (x *Notices) weeklyTo(ctx context.Context, member int64) error {
	var news []Notice
	err := x.db.Read(ctx, func(tx *db.Tx) (err error) {
		news, err = list(tx, `WHERE member = $1 AND weekly ORDER BY id DESC LIMIT $2`, member, mostWeekly)
		return err
	})
	if err != nil || len(news) == 0 {
		return err
	}
	newest := news[0].ID
	if x.joins.Fresh != nil {
		if news, err = x.joins.Fresh(ctx, news); err != nil {
			return err
		}
	}
	return x.db.Write(ctx, func(tx *db.Tx) error {
		to, wished, err := x.reader(tx, Notice{Member: member, Kind: Followed})
		if err != nil {
			return err
		}
		if wished && len(news) > 0 && x.joins.Digest != nil {
			now := tx.DB().Millis()
			n, err := tx.Exec(`INSERT INTO notice_letters (member, at) VALUES ($1, $2)
				ON CONFLICT (member) DO UPDATE SET at = excluded.at WHERE notice_letters.at <= $3`, member, now, now-apart.Milliseconds())
			if err != nil || n == 0 {
				return err
			}
			if err := x.joins.Digest(tx, to, news, x.StopPath(member, Followed)); err != nil {
				return err
			}
		}
		_, err = tx.Exec(`UPDATE notices SET weekly = $3 WHERE member = $1 AND weekly AND id <= $2`, member, newest, false)
		return err
	})
}
