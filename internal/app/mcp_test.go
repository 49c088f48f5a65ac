package app_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"mirabilia/internal/app"
	"mirabilia/internal/config"
)

// The tools on a pair of streams follow what is published beside them.
func TestAnswerTools(t *testing.T) {
	c := config.Config{Storage: config.Storage{Data: t.TempDir()}, Serving: config.Serving{Listen: "127.0.0.1:0", Timezone: "UTC"}}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	publish := func(lines string) {
		t.Helper()
		im, err := app.OpenImport(t.Context(), c.Storage, app.ImportOptions{Publish: true, Report: func(line string) { t.Error(line) }})
		if err != nil {
			t.Fatal(err)
		}
		defer im.Close()
		if err := im.Read(t.Context(), "f.ndjson", strings.NewReader(lines), ""); err != nil {
			t.Fatal(err)
		}
	}
	publish(`{"name":"Sedlec Ossuary","lat":49.9619,"lon":15.2883}` + "\n" + `{"name":"Nest","location_tier":"hidden","lat":57.2741,"lon":-3.6913,"country_code":"GB"}`)

	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	fromClient, toServer := io.Pipe()
	fromServer, toClient := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- app.AnswerTools(ctx, c, app.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Version: "test"}, fromClient, toClient)
	}()
	s, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(ctx, &sdk.IOTransport{Reader: fromServer, Writer: toServer}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(tool string, args map[string]any) string {
		t.Helper()
		res, err := s.CallTool(ctx, &sdk.CallToolParams{Name: tool, Arguments: args})
		if err != nil {
			t.Fatal(err)
		}
		return res.Content[0].(*sdk.TextContent).Text
	}
	if got := ask("near", map[string]any{"at": "Prague"}); !strings.Contains(got, "Sedlec Ossuary") || strings.Contains(got, "Nest") {
		t.Errorf("near: %s", got)
	}
	if got := ask("place", map[string]any{"place": "nest"}); !strings.Contains(got, `"hidden"`) || strings.Contains(got, "57.27") {
		t.Errorf("a hidden place: %s", got)
	}
	publish(`{"name":"Astronomical Clock","lat":50.087,"lon":14.4206}`)
	for !strings.Contains(ask("search", map[string]any{"q": "astronomical"}), "Astronomical Clock") {
		if ctx.Err() != nil {
			t.Fatal("what was published beside the tools is not found")
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}
