package letters

import (
	"time"

	"mirabilia/internal/mail"
)

const whyAsked = "You get this mail because somebody gave this address on the atlas. If it was not you, there is nothing to do: without the link nothing happens."

// Verify asks whether an address is its owner's, after somebody joined with it.
func Verify(a Atlas, to, shown, path string) mail.Message {
	return a.letter(to, letter{
		Subject: "Confirm your address for " + a.Name, Title: "Welcome, " + shown,
		Opening: "One press and the account is yours. The link works for 24 hours.",
		Parts: []part{
			say("Somebody, probably you, joined " + a.Name + " with this address. Confirm that it is yours, and the account is open."),
			a.button("Confirm my address", path),
			say("The link works once, for 24 hours. A newer one replaces it."),
		},
		Why: whyAsked,
	})
}

// MagicLink lets somebody sign in without a password.
func MagicLink(a Atlas, to, path string) mail.Message {
	return a.letter(to, letter{
		Subject: "Your link to sign in to " + a.Name, Title: "Sign in",
		Opening: "The link works once, for ten minutes.",
		Parts: []part{
			say("Open this link in the browser that you want to sign in with, then press the button you find there."),
			a.button("Sign in", path),
			say("It works once, for ten minutes. Whoever has it can sign in as you: pass it on to nobody, and use it only if you have asked for it yourself."),
		},
		Why: whyAsked,
	})
}

// ResetPassword lets somebody choose a new password.
func ResetPassword(a Atlas, to, path string) mail.Message {
	return a.letter(to, letter{
		Subject: "Choose a new password for " + a.Name, Title: "A new password",
		Opening: "The link works once, for 30 minutes.",
		Parts: []part{
			say("Choose a new password here. Every browser that is signed in to your account is then signed out; a second factor stays as it is."),
			a.button("Choose a new password", path),
			say("The link works once, for 30 minutes. As long as you do not use it, your password stays the same."),
		},
		Why: whyAsked,
	})
}

// NoAccount answers who asked for a link with an address that has no account.
func NoAccount(a Atlas, to string) mail.Message {
	return a.letter(to, letter{
		Subject: "No account with this address on " + a.Name, Title: "There is no account with this address",
		Opening: "Perhaps you joined with another one.",
		Parts: []part{
			say("Somebody asked to sign in with this address, but no account has it. Perhaps you joined with another one; or join now, it takes a minute."),
			a.button("Join "+a.Name, "/join"),
		},
		Why: whyAsked,
	})
}

// AlreadyMember answers who joined with an address that has an account.
func AlreadyMember(a Atlas, to, shown string) mail.Message {
	return a.letter(to, letter{
		Subject: "You already have an account on " + a.Name, Title: "You are already with us, " + shown,
		Opening: "Sign in with a link, if you have forgotten the password.",
		Parts: []part{
			say("Somebody, probably you, wanted to join " + a.Name + " with this address, which has an account already. Nothing was changed. Sign in, with a link by mail if the password is forgotten."),
			a.button("Sign in", "/login"),
		},
		Why: whyAsked,
	})
}

// LeaveAddress asks the owner of the present address whether the account may have
// another. Somebody else at a browser that was left open may have wished it.
func LeaveAddress(a Atlas, to, shown, address, path string) mail.Message {
	return a.letter(to, letter{
		Subject: "Another address for your account on " + a.Name, Title: "Another address?",
		Opening: "Agree only if you have asked for it. The link works once, for 24 hours.",
		Parts: []part{
			say("The account of " + shown + " on " + a.Name + " is to have the address " + address + " in place of this one. Agree only if you have asked for it yourself: whoever reads mails to that address could then sign in."),
			a.button("Look at the change, and agree", path),
			say("The link works once, for 24 hours. If you did not ask for it, do nothing here: the account keeps this address. Then choose a new password, which signs everybody else out."),
		},
		Why: "You get this mail because it concerns the safety of your account. It cannot be turned off.",
	})
}

// ConfirmAddress asks the owner of a new address whether it is his.
func ConfirmAddress(a Atlas, to, shown, path string) mail.Message {
	return a.letter(to, letter{
		Subject: "Confirm your new address for " + a.Name, Title: "Your new address",
		Opening: "The link works once, for 24 hours.",
		Parts: []part{
			say("The account of " + shown + " on " + a.Name + " is to have this address from now on. Confirm that it is yours."),
			a.button("Confirm the new address", path),
			say("The link works once, for 24 hours. Until then the account keeps its old address."),
		},
		Why: whyAsked,
	})
}

// EmailChanged tells the old address, with a way back.
func EmailChanged(a Atlas, to, shown, path string) mail.Message {
	return a.letter(to, letter{
		Subject: "The address of your account on " + a.Name + " was changed", Title: "Your address was changed",
		Opening: "If it was you, there is nothing to do. If not, take it back within seven days.",
		Parts: []part{
			say("The account of " + shown + " has another mail address now. If you changed it, there is nothing to do."),
			say("If you did not, take it back: the account gets this address again, and everybody is signed out of it. That is possible for seven days."),
			a.button("That was not me", path),
		},
		Why: "You get this mail because this was the address of an account on the atlas. It comes once.",
	})
}

// Change is something about an account's safety that its owner should hear of.
type Change string

// The changes, in the words that the letter uses.
const (
	PasswordChanged Change = "the password was changed"
	FactorAdded     Change = "a second factor was added"
	FactorRemoved   Change = "a second factor was removed"
	PasskeyAdded    Change = "a passkey was added"
	PasskeyRemoved  Change = "a passkey was removed"
	CodesMade       Change = "new recovery codes were made; the old ones no longer work"
	CodeUsed        Change = "a recovery code was used in place of the authenticator"
	ProviderJoined  Change = "signing in through another provider was allowed"
	ProviderParted  Change = "signing in through another provider was ended"
	TokenMade       Change = "a token for the API was made"
)

// AccountChanged tells of a change to an account's safety.
func AccountChanged(a Atlas, to, shown string, c Change) mail.Message {
	return a.letter(to, letter{
		Subject: "A change to your account on " + a.Name, Title: "A change to your account",
		Opening: "If it was you, there is nothing to do.",
		Parts: []part{
			say("Of the account of " + shown + ": " + string(c) + "."),
			say("If it was you, there is nothing to do. If it was not, sign in, look at who else is signed in, and choose a new password."),
			a.button("Look at my account", "/settings"),
		},
		Why: "You get this mail because it concerns the safety of your account. It cannot be turned off.",
	})
}

// whyDecided is the foot of letters about a decision on an account.
const whyDecided = "You get this mail because it concerns your account. It cannot be turned off."

// Suspended tells a member that the account can write nothing, why, until when (a
// zero moment: until an editor ends it), and how to appeal.
func Suspended(a Atlas, to, shown, reason string, until time.Time) mail.Message {
	ends := "It lasts until an editor ends it."
	if !until.IsZero() {
		ends = "It ends by itself on " + until.UTC().Format("2 January 2006") + "."
	}
	return a.letter(to, letter{
		Subject: "Your account on " + a.Name + " is suspended", Title: "Your account is suspended",
		Opening: "It can read, and write nothing. You can appeal.",
		Parts: []part{
			say("The editors have suspended the account of " + shown + ". It can read, and write nothing; what you have published stays as it is. " + ends),
			quote("the editors", reason),
			say("If you think that is wrong, appeal: another editor looks at it."),
			a.button("Read more, and appeal", "/me/appeal"),
		},
		Why: whyDecided,
	})
}

// Closed tells a member that the editors have closed the account, why, and how to
// appeal.
func Closed(a Atlas, to, shown, reason, path string) mail.Message {
	return a.letter(to, letter{
		Subject: "Your account on " + a.Name + " is closed", Title: "Your account is closed",
		Opening: "Nobody can sign in to it any more. You can appeal.",
		Parts: []part{
			say("The editors have closed the account of " + shown + ". Nobody can sign in to it any more."),
			quote("the editors", reason),
			say("If you think that is wrong, appeal: an editor of the whole atlas looks at it again. The link is good for 30 days; who asks for a link to sign in gets a new one."),
			a.button("Read more, and appeal", path),
		},
		Why: whyDecided,
	})
}

// Reopened tells a member that the account may be used again.
func Reopened(a Atlas, to, shown string) mail.Message {
	return a.letter(to, letter{
		Subject: "Your account on " + a.Name + " is open again", Title: "Your account is open again",
		Opening: "You can sign in and write as before.",
		Parts: []part{
			say("The account of " + shown + " may be used again for everything that it is for."),
			a.button("Sign in", "/login"),
		},
		Why: whyDecided,
	})
}
