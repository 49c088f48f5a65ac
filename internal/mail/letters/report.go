package letters

import "mirabilia/internal/mail"

// What an author is told of something of theirs that was reported or taken down,
// beside TakenBack.
const (
	TakenDown = "taken-down"
	GivenBack = "given-back"
	LooksGood = "looks-good" // it was hidden for a report and is shown again
)

// thing names what was decided about: "photo of", "list", "letter about"…
func (s Submission) thing() string {
	title := "“" + s.Title + "”"
	switch s.Kind {
	case "photo":
		return "photo of " + title
	case "list":
		return "list " + title
	case "visit":
		return "visit of " + title
	case "note":
		return "note on " + title
	case "message":
		return "message about " + title
	case "member":
		return "text about yourself"
	}
	return "place " + title
}

// Concerned tells an author what was decided about something of theirs, with the
// reason that everyone may read.
func Concerned(a Atlas, to string, s Submission, decision, public, stop string) mail.Message {
	l := a.ending(letter{Why: "You get this mail because this is yours. Which mails come is yours to choose in the settings."}, stop)
	lead, button := "", a.button("See it", s.Path)
	switch decision {
	case TakenDown:
		l.Subject, l.Title = "Taken down: "+s.Title, "Your "+s.thing()
		lead = "An editor has taken your " + s.thing() + " from the public. Nothing of it is lost; you can ask another editor to look once more."
		button = a.button("See what can be done", s.Path)
	case GivenBack:
		l.Subject, l.Title = "Shown again: "+s.Title, "Your "+s.thing()
		lead = "Your " + s.thing() + " was taken down, and is shown again as it was."
	case TakenBack:
		l.Subject, l.Title = "Waits again: "+s.Title, "Your "+s.thing()
		lead = "What we told you about your " + s.thing() + " was taken back a moment later: an editor looks at it again."
	default:
		l.Subject, l.Title = "Stays: "+s.Title, "Your "+s.thing()
		lead = "Your " + s.thing() + " was reported and hidden while an editor looked at it. Nothing is wrong with it, and it is shown again."
	}
	l.Opening = lead
	l.Parts = []part{say(lead)}
	if public != "" {
		l.Parts = append(l.Parts, quote("the editor", public))
	}
	l.Parts = append(l.Parts, button)
	return a.letter(to, l)
}

// ReportAnswered answers somebody who reported something without an account.
func ReportAnswered(a Atlas, to, title string, acted bool, words string) mail.Message {
	lead := "An editor has looked at what you reported about “" + title + "” and left it as it is."
	if acted {
		lead = "An editor has looked at what you reported about “" + title + "” and acted on it. Thank you."
	}
	l := letter{Subject: "Your report about " + title, Title: "Your report", Opening: lead, Parts: []part{say(lead)},
		Why: "You get this mail because you gave this address with a report. It comes once, and the address is not kept."}
	if words != "" {
		l.Parts = append(l.Parts, quote("the editor", words))
	}
	return a.letter(to, l)
}
