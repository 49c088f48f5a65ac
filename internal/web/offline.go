package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"mirabilia/internal/errs"
	"mirabilia/internal/logo"
	"mirabilia/internal/web/tiles"
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/say"
)

// offlinePage is what a device keeps, and what opens there without network.
func (s *Site) offlinePage(ctx context.Context, q Public) (Answer, error) {
	b, err := s.base(ctx, q, say.T(ctx, "Offline"), say.T(ctx, "What you keep on this device: places that open without signal."))
	if err != nil {
		return Answer{}, err
	}
	b.NoIndex = true // it says nothing to those who keep nothing
	b.Assets.Scripts = append(b.Assets.Scripts, s.Assets.URL("offline.js"))
	a, err := s.render(ctx, view.Offline(view.OfflinePage{Base: b, Credit: s.keptCredit()}))
	a.NoIndex = true
	return a, err
}

// keptCredit names the source of the basemap that a device keeps.
func (s *Site) keptCredit() string {
	if s.Ground.Tiles != "" && s.Ground.Credit != "" {
		return s.Ground.Credit
	}
	return tiles.Credit
}

// worker is the script that answers on a device when there is no network. It
// names the files that the page of what is kept needs; when one of them or the
// page changes, so does the script, and browsers fetch all anew.
func (s *Site) worker(ctx context.Context, _ Public) (Answer, error) {
	script := s.Assets.Source("sw.js")
	if script == nil {
		return Answer{}, errs.New(errs.NotFound, "There is no such script.")
	}
	set, err := s.Settings.Present(ctx)
	if err != nil {
		return Answer{}, err
	}
	page, err := s.offlinePage(ctx, Public{Path: "/offline", Lang: "en"})
	if err != nil {
		return Answer{}, err
	}
	files := s.assetPaths(set)
	shell := struct {
		Version string   `json:"version"`
		Files   []string `json:"files"` // what the page needs
		Map     []string `json:"map"`   // what its map needs, fetched with the first pack
	}{Map: []string{files.MapScript, files.MapStyle, files.MapWorker}}
	shell.Files = append(append(append([]string{}, files.Styles...), files.Scripts...), s.Assets.URL("offline.js"), files.Icon)
	shell.Files = append(shell.Files, files.Preload...)
	for _, own := range []string{files.Theme, logo.Of(set.Logo)} {
		if own != "" {
			shell.Files = append(shell.Files, own)
		}
	}
	sum := sha256.New()
	for _, part := range [][]byte{page.Body, script} {
		_, _ = sum.Write(part) // a hash takes all
	}
	shell.Version = base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:9])
	head, err := json.Marshal(shell)
	if err != nil {
		return Answer{}, err
	}
	body := bytes.Join([][]byte{[]byte("self.shell="), head, []byte(";\n"), script}, nil)
	return Answer{Kind: Worker, Type: "text/javascript; charset=utf-8", Body: body}, nil
}
