package letters

import (
	"fmt"

	"mirabilia/internal/mail"
)

// Written tells an author what an editor has written to them.
func Written(a Atlas, to string, s Submission, by, words, stop string) mail.Message {
	return a.letter(to, a.ending(letter{
		Subject: "About " + s.Title, Title: "A letter about “" + s.Title + "”", Opening: line(words),
		Parts: []part{
			say(editor(by) + " has written to you about your " + s.what() + "."),
			quote(by, words),
			a.button("Answer", s.Path),
		},
		Why: whyAuthor,
	}, stop))
}

func editor(by string) string {
	if by == "" {
		return "An editor"
	}
	return by
}

// What authors do that editors who know a submission are told of.
const (
	Answered  = "message"
	SentAgain = "again"
	Appealed  = "appeal"
)

// ToEditor tells an editor who has had to do with a submission what its author
// did.
func ToEditor(a Atlas, to string, s Submission, did, author, words, stop string) mail.Message {
	l := a.ending(letter{Why: "You get this mail because you have had to do with this submission as an editor."}, stop)
	title := "“" + s.Title + "”"
	var lead string
	switch did {
	case SentAgain:
		l.Subject, l.Title = "Sent again: "+s.Title, title+" is back"
		lead = author + " has changed what you asked for and sent it again."
	case Appealed:
		l.Subject, l.Title = "An appeal: "+s.Title, "An appeal about "+title
		lead = author + " asks that the decision be looked at again, which can be asked once. Any editor may do it."
	default:
		l.Subject, l.Title = "An answer about "+s.Title, "An answer about "+title
		lead = author + " has answered."
	}
	l.Opening = lead
	l.Parts = []part{say(lead)}
	if words != "" {
		l.Parts = append(l.Parts, quote(author, words))
	}
	l.Parts = append(l.Parts, a.button("Go to the desk", s.Path))
	return a.letter(to, l)
}

// Follows tells a member of a new follower.
func Follows(a Atlas, to, shown, by, path, stop string) mail.Message {
	return a.letter(to, a.ending(letter{
		Subject: by + " follows you on " + a.Name, Title: by + " follows you", Opening: "What you publish reaches one reader more.",
		Parts: []part{
			say("What you publish on " + a.Name + " reaches " + by + " from now on, " + shown + ", and what you show to your followers alone."),
			a.button("See who it is", path),
		},
		Why: "You get this mail because you wish to be told of followers.",
	}, stop))
}

// Invited tells a member of a list of another's that is theirs to work on.
func Invited(a Atlas, to, shown, by, title, path, stop string) mail.Message {
	return a.letter(to, a.ending(letter{
		Subject: by + " lets you work on a list on " + a.Name, Title: "A list to work on", Opening: by + " has asked you to join in.",
		Parts: []part{
			say("You may work on the list “" + title + "” of " + by + " from now on, " + shown + ": put places on it, or propose them. You may leave it at any time."),
			a.button("See the list", path),
		},
		Why: "You get this mail because you wish to be told of lists that you share.",
	}, stop))
}

// Proposed tells the owner of a list that somebody proposes places for it.
func Proposed(a Atlas, to, shown, by, title, path, stop string) mail.Message {
	return a.letter(to, a.ending(letter{
		Subject: by + " proposes something for your list on " + a.Name, Title: "A proposal for your list", Opening: by + " thinks that something belongs on it.",
		Parts: []part{
			say("There is a proposal of " + by + " for your list “" + title + "”, " + shown + ". It stands on the list when you take it, and nobody else sees it until then."),
			a.button("Look at it", path),
		},
		Why: "You get this mail because you wish to be told of lists that you share.",
	}, stop))
}

// News is one line of a weekly letter.
type News struct{ Title, Path, Text string }

// weeklyLines is how many lines a weekly letter has at most.
const weeklyLines = 40

// Weekly gathers what happened around what a member follows.
func Weekly(a Atlas, to, shown string, list []News, stop string) mail.Message {
	subject := fmt.Sprintf("%d news on %s", len(list), a.Name)
	if len(list) == 1 {
		subject = list[0].Title + ", on " + a.Name
	}
	l := a.ending(letter{Subject: subject, Title: "What is new, " + shown,
		Why: "You get this mail once a week, when there is something new in what you follow, because you wished for it."}, stop)
	p := part{}
	for _, n := range list[:min(len(list), weeklyLines)] {
		p.Items = append(p.Items, item{Title: cut(line(n.Title), 200), Link: a.link(n.Path), Text: cut(line(n.Text), 300)})
	}
	if len(list) > 0 {
		l.Opening = p.Items[0].Title
	}
	l.Parts = []part{p}
	if n := len(list) - weeklyLines; n > 0 {
		l.Parts = append(l.Parts, say(fmt.Sprintf("And %d more.", n)))
	}
	l.Parts = append(l.Parts, a.button("All notifications", "/notifications"))
	return a.letter(to, l)
}
