package setting

import "mirabilia/internal/errs"

// Confirming is how long what visitors found of a place holds.
type Confirming struct {
	// HalfLife is after how many months a confirmation counts half.
	HalfLife int `json:"half_life"`
	// Fresh and Ageing are how much the confirmations of a place must weigh
	// together for its entry to be so, in percent of one made this month. Below,
	// it is unconfirmed. By the defaults one visitor keeps an entry fresh for a
	// year and from being unconfirmed for three.
	Fresh  int `json:"fresh"`
	Ageing int `json:"ageing"`
}

func (c Confirming) check() error {
	switch {
	case c.HalfLife < 1 || c.HalfLife > 1200:
		return errs.InField("half_life", "is 1 to 1200 months")
	case c.Fresh < 1 || c.Fresh > 100_000:
		return errs.InField("fresh", "is 1 to 100000 percent")
	case c.Ageing < 1 || c.Ageing > c.Fresh:
		return errs.InField("ageing", "is at least 1 percent, and at most what makes an entry fresh")
	}
	return nil
}
