package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

// securityStories are the pages of what one signs in with, and of one's data.
func securityStories() []Story {
	b := base("Security", "/settings/security")
	b.NoIndex, b.Me = true, &view.Me{Links: []ui.Link{{Text: "Ada Lovelace", Path: "/users/ada-lovelace"}, {Text: "Settings", Path: "/settings"}}}
	code := ui.Field{ID: "code", Name: "code", Label: "Code", Hint: "The six digits that the authenticator shows now.", Required: true, Autocomplete: "one-time-code", Inputmode: "numeric", Class: "low"}
	crumbs := []ui.Crumb{{Name: "Settings", Path: "/settings"}, {Name: "Security"}}
	fresh := view.SecurityPage{Base: b, Crumbs: crumbs, CanPasskey: true, PasskeyName: ui.Field{ID: "passkey-name", Name: "name", Label: "Name", Hint: "So that you know it again."}}
	setup := fresh
	setup.Setup = &view.Setup{Secret: "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP", Square: view.Square{Size: 21, Path: "M0 0h7v1h-7zM14 0h7v1h-7zM0 6h7v1h-7zM8 8h5v1h-5zM0 20h7v1h-7z"}, Code: code}
	wrong := setup
	bad := code
	bad.Error = "is not the one that is shown now; look again, and at the clock of the device"
	wrong.Setup = &view.Setup{Secret: setup.Setup.Secret, Square: setup.Setup.Square, Code: bad}
	wrong.Refused, wrong.Faults = "Nothing was changed.", []ui.Field{bad}
	full := fresh
	full.Since, full.CodesLeft, full.Provider = "3 November 2026", 9, "accounts.example.org"
	full.NewCodes = []string{"MFRG GZDF MZTW Q2LK NNWG 23TP", "ONSW G4TF OQQG C43D EBSX Q2LU", "PFSX GIDO MV3G K4RA ONQW 4ZDT"}
	full.Passkeys = []view.PasskeyRow{{ID: "1", Name: "My phone", Since: "3 November 2026", Used: "not used yet"}}
	full.Identities = []view.IdentityRow{{Issuer: "https://accounts.example.org", Subject: "1", Email: "ada@example.org", Since: "3 November 2026", Used: "not used yet"}}
	stale := full
	stale.NewCodes, stale.CodesLeft, stale.CanPasskey = nil, 1, false
	stale.Prove = &view.Prove{Action: "/settings/security", Field: &code, SignIn: ui.Link{Text: "Sign in once more", Path: "/login?next=%2Fsettings%2Fsecurity"}}
	stale.Notice = &ui.Banner{Tone: "warn", Statement: "Editors and admins of this atlas sign in with a second factor.", Rest: "Set up an authenticator or a passkey below."}
	stale.Identities = nil
	mail := fresh
	mail.Prove = &view.Prove{Action: "/settings/security", SignIn: stale.Prove.SignIn}

	d := base("Your data", "/settings/data")
	d.NoIndex, d.Me = true, b.Me
	password := ui.Field{ID: "leave-proof", Name: "password", Label: "Your password", Type: "password", Required: true, Autocomplete: "current-password"}
	data := view.OwnDataPage{Base: d, Crumbs: []ui.Crumb{{Name: "Settings", Path: "/settings"}, {Name: "Your data"}}, Proof: &password,
		Credit: []ui.Option{{Value: "named", Text: "Under my name: Ada Lovelace"}, {Value: "former", Text: "As “a former member”", Selected: true}}}
	refused := data
	guessed := password
	guessed.Error = "is not right"
	refused.Proof, refused.Refused, refused.Faults, refused.Prove = &guessed, "Nothing was changed.", []ui.Field{guessed}, stale.Prove
	without := data
	without.Proof, without.Prove = nil, mail.Prove
	return []Story{
		page("view.Security", "nothing yet", view.Security(fresh)), page("view.Security", "an authenticator being set up", view.Security(setup)), page("view.Security", "a wrong code", view.Security(wrong)),
		page("view.Security", "everything, with new codes", view.Security(full)), page("view.Security", "signed in long ago", view.Security(stale)), page("view.Security", "signed in long ago, without a password", view.Security(mail)),
		page("view.OwnData", "just signed in", view.OwnData(data)), page("view.OwnData", "refused, signed in long ago", view.OwnData(refused)), page("view.OwnData", "without a password", view.OwnData(without)),
	}
}
