package factor

import (
	"context"
	"encoding/json"

	"mirabilia/internal/db"
	"mirabilia/internal/errs"
)

// Pending is somebody whose first proof was good and who owes a second one.
type Pending struct {
	Member int64  `json:"member"`
	Stays  bool   `json:"stays"` // asked to stay signed in
	Next   string `json:"next"`  // where to go afterwards
	// Claims are of the provider's account that is joined once the member has
	// proved who they are, nil for none.
	Claims *Claims `json:"claims,omitempty"`
}

const (
	secondFlow = "second"
	joinFlow   = "join"
)

// AwaitJoin remembers an account at the provider whose address is a member's:
// it is joined once that member has signed in (see EndJoin), so that nobody
// gets an account by an address alone.
func (f *Factors) AwaitJoin(ctx context.Context, p Pending) (flow string, err error) {
	err = f.db.Write(ctx, func(tx *db.Tx) error {
		flow, err = f.begin(tx, joinFlow, p.Member, p)
		return err
	})
	return flow, err
}

// Joins tells who is to join what in this browser.
func (f *Factors) Joins(ctx context.Context, flow string) (Pending, error) {
	return f.pending(ctx, joinFlow, flow)
}

// EndJoin ends the waiting: the member has signed in.
func (f *Factors) EndJoin(ctx context.Context, flow string, member int64) (p Pending, err error) {
	return p, f.take(ctx, joinFlow, flow, member, &p)
}

// BeginSecond remembers who owes a second proof; the secret stays in the
// browser's cookie. Until EndSecond nobody is signed in.
func (f *Factors) BeginSecond(ctx context.Context, p Pending) (flow string, err error) {
	err = f.db.Write(ctx, func(tx *db.Tx) error {
		flow, err = f.begin(tx, secondFlow, p.Member, p)
		return err
	})
	return flow, err
}

// Owes tells who owes a second proof in this browser.
func (f *Factors) Owes(ctx context.Context, flow string) (Pending, error) {
	return f.pending(ctx, secondFlow, flow)
}

func (f *Factors) pending(ctx context.Context, purpose, flow string) (p Pending, err error) {
	var text string
	err = f.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT data FROM flows WHERE hash = $1 AND purpose = $2 AND expires_at > $3`, hashOf(flow), purpose, tx.DB().Millis()).Scan(&text)
	})
	if errs.Is(err, errs.NotFound) {
		return p, ErrFlow
	}
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(text), &p)
}

// EndSecond takes the second proof. A wrong one leaves the flow as it is, to be
// tried again; a right one ends it.
func (f *Factors) EndSecond(ctx context.Context, flow, typed string) (p Pending, by Proof, err error) {
	if p, err = f.Owes(ctx, flow); err != nil {
		return p, "", err
	}
	if by, err = f.Prove(ctx, p.Member, typed); err != nil {
		return p, "", err
	}
	return p, by, f.take(ctx, secondFlow, flow, p.Member, &p)
}
