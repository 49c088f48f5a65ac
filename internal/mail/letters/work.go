package letters

import (
	"mirabilia/internal/mail"
)

// Submission is what a letter says of one.
type Submission struct {
	Shown string // the author
	Title string // of the place
	Kind  string // "place", "pitch", "edit", "photo", "note", "report", "appeal" or "visit"
	Path  string // where it stands, or the published entry
}

func (s Submission) what() string {
	switch s.Kind {
	case "pitch":
		return "tip"
	case "edit":
		return "edit"
	case "photo", "note", "report", "appeal":
		return s.Kind
	case "visit":
		return "field note"
	}
	return "place"
}

const whyAuthor = "You get this mail because you sent this to the atlas. Which mails come is yours to choose in the settings."

// choosing is the path at which members choose their mails.
const choosing = "/settings/notifications"

// ending gives a letter its ways out: stop is the path that ends its kind.
func (a Atlas) ending(l letter, stop string) letter {
	l.Stop, l.End = a.link(choosing), a.link(stop)
	return l
}

// The decisions about a submission that a letter tells of.
const (
	Published = "publish"
	Mended    = "mended" // published, with changes by an editor
	Changes   = "changes"
	Declined  = "decline"
	Duplicate = "duplicate"
	Held      = "hold"
	TakenBack = "undo"
	Reworded  = "reworded" // what is written about a photo, by an editor
)

// Decided tells an author what was decided, with the editor's words. reason is
// the text of the coded reason, "" where there is none, and stop the way to have
// no more of such letters. Without a path it leads nowhere: its reader can open no
// page of their own.
func Decided(a Atlas, to string, s Submission, decision, reason, words, stop string) mail.Message {
	l := a.ending(letter{Why: whyAuthor}, stop)
	title := "“" + s.Title + "”"
	button := a.button("See what was said", s.Path)
	var lead string
	switch decision {
	case Published, Mended:
		l.Subject, l.Title = "Published: "+s.Title, title+" is in the atlas"
		lead = "Thank you, " + s.Shown + ". Your " + s.what() + " is published, under your name."
		if s.Kind == "pitch" {
			l.Subject, l.Title = "Yes to "+s.Title, "Go and write "+title
			lead = "Thank you, " + s.Shown + ". Your tip is good: it waits among your drafts as a place, for you to write."
		}
		switch s.Kind {
		case "edit":
			l.Subject, l.Title = "Published: your edit of "+s.Title, "Your edit of "+title+" is published"
			lead = "Thank you, " + s.Shown + ". What you changed is in the atlas, and its history names you."
		case "photo":
			l.Subject, l.Title = "Published: your photo of "+s.Title, "Your photo of "+title+" is published"
		case "note":
			l.Subject, l.Title = "Taken up: your note on "+s.Title, "Your note on "+title
			lead = "Thank you, " + s.Shown + ". An editor has taken up your note: that is how the atlas stays true."
		case "report":
			l.Subject, l.Title = "Done: your report about "+s.Title, "Your report about "+title
			lead = "Thank you, " + s.Shown + ". An editor has looked at what you reported and acted on it."
		case "visit":
			l.Subject, l.Title = "Taken up: what you found at "+s.Title, "What you found at "+title
			lead = "Thank you, " + s.Shown + ". An editor has taken up what you found on your visit: that is how the atlas stays true."
		}
		button = a.button("See where it stands", s.Path)
		if decision == Mended && s.Kind == "photo" {
			lead += " An editor changed what is written about it: where it stands you see what, word by word."
			button = a.button("See what was changed", s.Path)
		}
		if decision == Mended && (s.Kind == "place" || s.Kind == "edit") {
			lead += " Not all of it is as you sent it: where it stands you see what an editor changed or left out, word by word."
			button = a.button("See what was changed", s.Path)
		}
	case Changes:
		l.Subject, l.Title = "A question about "+s.Title, "Almost there: "+title
		lead = "An editor has read your " + s.what() + " and asks for a change before it can be published. Everything that you wrote is kept."
		button = a.button("Go on writing", s.Path)
	case Duplicate:
		l.Subject, l.Title = "Already in the atlas: "+s.Title, title+" is already in the atlas"
		lead = "Somebody was faster: the place has an entry. What you know of it and the entry does not is welcome there, as an edit."
	case Reworded:
		l.Subject, l.Title = "Your photo of "+s.Title, "Your photo of "+title
		lead = "An editor changed what is written about your photo: its caption, its description, whose it is, or its licence. Where it stands you see what, word by word, and can answer."
		button = a.button("See what was changed", s.Path)
	case TakenBack:
		l.Subject, l.Title = "Waits again: "+s.Title, title+" waits again"
		lead = "What we told you about your " + s.what() + " was taken back a moment later: it waits for an editor again. You will hear from us when it is decided."
	case Held:
		l.Subject, l.Title = "On hold: "+s.Title, title+" waits a little"
		lead = "An editor has put your " + s.what() + " aside for later. It is not declined, and there is nothing to do."
	default:
		l.Subject, l.Title = "Not published: "+s.Title, "About "+title
		lead = "An editor has looked at your " + s.what() + " and decided not to publish it. What you wrote stays yours, and you can answer, or ask another editor to look."
	}
	if s.Kind == "appeal" && (decision == Published || decision == Declined) {
		l.Subject, l.Title = "Your appeal about "+s.Title, "Your appeal about "+title
		lead = "An editor has looked at your appeal, and what was decided stays."
		if s.Path != "" {
			lead += " Where it stands you see why."
		}
		if decision == Published {
			lead = "Thank you, " + s.Shown + ". An editor has looked at your appeal and granted it."
		}
	}
	if s.Kind == "report" && decision == Declined {
		l.Subject = "Your report about " + s.Title
		lead = "An editor has looked at what you reported and left it as it is. You can answer, or ask another editor to look."
	}
	if s.Kind == "note" && decision == Declined {
		l.Subject = "Your note on " + s.Title
		lead = "An editor has read your note and leaves the entry as it is. You can answer, or ask another editor to look."
	}
	if s.Kind == "visit" && decision == Declined {
		l.Subject = "What you found at " + s.Title
		lead = "An editor has looked at what you found on your visit, and leaves the entry as it is. You can answer, or ask another editor to look."
	}
	l.Opening = lead
	l.Parts = []part{say(lead)}
	if reason != "" {
		l.Parts = append(l.Parts, say(reason))
	}
	if words != "" {
		l.Parts = append(l.Parts, quote("the editor", words))
	}
	if s.Path != "" {
		l.Parts = append(l.Parts, button)
	}
	return a.letter(to, l)
}

// Farewell confirms that an account was deleted.
func Farewell(a Atlas, to, shown string) mail.Message {
	return a.letter(to, letter{
		Subject: "Your account on " + a.Name + " is deleted", Title: "Goodbye, " + shown,
		Opening: "The account and what was private are gone.",
		Parts: []part{
			say("Your account is deleted, with your address, marks, visits, drafts and settings. What you gave to the atlas stays in it under the name that you chose for that."),
			say("This is the last mail to this address. Thank you for what you have shown us."),
		},
		Why: "You get this mail because the account with this address was deleted just now.",
	})
}
