package view

import "mirabilia/internal/web/view/ui"

// SecurityPage is what a member proves themselves with beside a password.
type SecurityPage struct {
	Base
	Crumbs  []ui.Crumb
	Notice  *ui.Banner
	Refused string
	Faults  []ui.Field
	// Prove is the form of who must first show once more who they are; until
	// then nothing can be changed.
	Prove *Prove
	// Since is when the authenticator was set up, "" for none.
	Since     string
	CodesLeft int
	Setup     *Setup   // one that waits for its first code
	NewCodes  []string // shown once
	// CanPasskey is false where the address of the atlas has no domain.
	CanPasskey  bool
	PasskeyName ui.Field
	Passkeys    []PasskeyRow
	// Provider is the host of the operator's, "" for none.
	Provider   string
	Identities []IdentityRow
}

// Prove asks somebody who is signed in to show once more who they are: by Field,
// nil for who has nothing to type, or by signing in.
type Prove struct {
	Action string
	Field  *ui.Field
	SignIn ui.Link
}

// Setup is what an authenticator is set up with.
type Setup struct {
	Secret string
	Square Square
	Code   ui.Field
}

// Square is a code to be scanned: dark bars on light, Size cells wide.
type Square struct {
	Size int
	Path string
}

// PasskeyRow is one passkey.
type PasskeyRow struct{ ID, Name, Since, Used string }

// IdentityRow is an account at a provider.
type IdentityRow struct{ Issuer, Subject, Email, Since, Used string }

// OwnDataPage lets a member take along what is theirs, and leave.
type OwnDataPage struct {
	Base
	Crumbs  []ui.Crumb
	Refused string
	Faults  []ui.Field
	Prove   *Prove
	// Proof is typed to delete the account, nil for who has nothing to type.
	Proof  *ui.Field
	Credit []ui.Option // under which name what was given stays
}
