// Command mirabilia is the whole atlas: one program and one folder of data.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"

	"mirabilia/internal/errs"
)

// version is set by the build.
var version = "dev"

// cli is every command with its flags.
type cli struct {
	Config kong.ConfigFlag `env:"MIRABILIA_CONFIG" placeholder:"FILE" help:"TOML file with the same names as the flags."`

	Serve   serveCmd   `cmd:"" help:"Serve the atlas."`
	Migrate migrateCmd `cmd:"" help:"Bring the database to this version's schema."`
	Import  importCmd  `cmd:"" help:"Read places from NDJSON, CSV, GeoJSON, GPX, KML, KMZ or Wikivoyage files."`
	Export  exportCmd  `cmd:"" help:"Write places to standard output."`
	MCP     mcpCmd     `cmd:"" name:"mcp" help:"Answer a program that speaks the Model Context Protocol on standard input."`
	Dump    dumpCmd    `cmd:"" help:"Make the public files of the whole atlas now; serve makes them each night."`
	User    userCmd    `cmd:"" help:"Members: make an account."`
	Token   tokenCmd   `cmd:"" help:"Tokens of the API: make one."`
	Backup  backupCmd  `cmd:"" help:"Keep the whole atlas, rows and files, in one file."`
	Restore restoreCmd `cmd:"" help:"Fill an empty atlas from a backup."`
	Copy    copyCmd    `cmd:"" help:"Fill another, empty database with this atlas."`
	Area    areaCmd    `cmd:"" help:"List, draw, show and remove areas and metros."`
	Doctor  doctorCmd  `cmd:"" help:"Check configuration, database, finder and files; a line a fault."`
	Ready   readyCmd   `cmd:"" help:"Ask a running server whether it can serve."`
	Picture pictureCmd `cmd:"" hidden:"" help:"Make the variants of pictures that come on standard input; serve starts it."`
	Man     manCmd     `cmd:"" hidden:"" help:"Write the manual page."`
	Version versionCmd `cmd:"" help:"Print the version."`
	Help    helpCmd    `cmd:"" help:"Explain a command."`
}

// streams is where a command reads and writes; tests give their own.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// exit ends a command with a status and nothing more to say.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func main() {
	forgetEmpty(os.Environ())
	os.Exit(run(os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// forgetEmpty takes away our variables that are set to nothing, as files for
// containers and units set those that their writer has no value for: the default
// holds, as if they were not there.
func forgetEmpty(environ []string) {
	for _, pair := range environ {
		if name, value, _ := strings.Cut(pair, "="); value == "" && strings.HasPrefix(name, "MIRABILIA_") {
			_ = os.Unsetenv(name) // only an empty name could not be
		}
	}
}

// run is main with its surroundings given; it returns the exit status.
func run(args []string, io streams) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// After the first signal the default behaviour is back, so that a second
	// one ends the program at once.
	context.AfterFunc(ctx, stop)

	status := -1
	parser, err := newParser(io, func(code int) { status = code; panic(exit(code)) })
	if err != nil {
		return fail(io.err, err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	return func() (code int) {
		defer func() {
			if r := recover(); r != nil {
				if _, ok := r.(exit); !ok {
					panic(r)
				}
				code = status
			}
		}()
		k, err := parser.Parse(args)
		if err != nil {
			fault := hinted(err, args)
			if said, ok := misconfigured(err, fault, args); ok {
				fmt.Fprintln(io.out, said)
				return 1
			}
			return fail(io.err, fault)
		}
		k.BindTo(ctx, (*context.Context)(nil))
		k.Bind(io, parser)
		if err := k.Run(); err != nil {
			return fail(io.err, err)
		}
		return 0
	}()
}

func newParser(io streams, leave func(int)) (*kong.Kong, error) {
	return kong.New(&cli{},
		kong.Name("mirabilia"),
		kong.Description("An atlas of the world's hidden and curious places.\n\nEvery flag of serve can also be given in the environment, as MIRABILIA_ and its name; every flag may stand in a TOML file."),
		kong.UsageOnError(), kong.Exit(leave), kong.Writers(io.out, io.err),
		kong.Configuration(readTOML),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.Help(kong.DefaultHelpPrinter),
	)
}

// noNumber is how the parser says that a flag's value is no number: its words are
// those of a programming language.
var noNumber = regexp.MustCompile(`^(--[a-z-]+): expected a (?:float|valid \d+ bit u?int) but got ("(?:[^"\\]|\\.)*")`)

// hinted says where the right words of a command line stand, for one that was
// not understood.
func hinted(err error, args []string) error {
	var parse *kong.ParseError
	var file *fs.PathError
	if errors.As(err, &file) { // of --config: nothing else is read before a command runs
		return fmt.Errorf("MIRABILIA_CONFIG: the configuration file %s cannot be read: %w", file.Path, file.Err)
	}
	if !errors.As(err, &parse) || parse.Context == nil {
		return err
	}
	said := err.Error()
	name := refusedVariable(parse.Context, said, args)
	if m := noNumber.FindStringSubmatch(said); m != nil {
		return fmt.Errorf("%s: want a number, not %s", cmp.Or(name, m[1]), m[2])
	}
	if name != "" {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, begins := range []string{"unknown flag", "unexpected argument", "missing flags", `expected "`, "expected one of"} {
		if strings.HasPrefix(said, begins) {
			return fmt.Errorf("%w; see %s --help", err, strings.Join(append([]string{"mirabilia"}, named(parse.Context)...), " "))
		}
	}
	return err
}

// refusedVariable is the name of the variable from which a flag has the value
// that was refused, "" where it stands on the command line or in the file.
func refusedVariable(c *kong.Context, said string, args []string) string {
	said, ok := strings.CutPrefix(said, "--")
	if !ok {
		return ""
	}
	for _, flag := range c.Flags() {
		on := func(arg string) bool { return arg == "--"+flag.Name || strings.HasPrefix(arg, "--"+flag.Name+"=") }
		rest, ok := strings.CutPrefix(said, flag.Name)
		if !ok || !strings.HasPrefix(rest, ":") && !strings.HasPrefix(rest, " ") || slices.ContainsFunc(args, on) {
			continue
		}
		for _, env := range flag.Envs {
			if _, set := os.LookupEnv(env); set {
				return env
			}
		}
	}
	return ""
}

// unknownVariables are those of the environment that are called like settings
// and are none of any command: misspelt, or of another version.
func unknownVariables(model *kong.Application, environ []string) (names []string) {
	known := map[string]bool{}
	var note func(n *kong.Node)
	note = func(n *kong.Node) {
		for _, flag := range n.Flags {
			for _, env := range flag.Envs {
				known[env] = true
			}
		}
		for _, child := range n.Children {
			note(child)
		}
	}
	note(model.Node)
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "MIRABILIA_") && !known[name] && !strings.HasPrefix(name, "MIRABILIA_TEST_") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// named are the names of the commands that a command line came to.
func named(c *kong.Context) (names []string) {
	for _, p := range c.Path {
		if p.Command != nil {
			names = append(names, p.Command.Name)
		}
	}
	return names
}

// fail says in one line what went wrong and returns the exit status.
func fail(w io.Writer, err error) int {
	var code exit
	if errors.As(err, &code) {
		return int(code)
	}
	text := err.Error()
	var known *errs.Error
	if errors.As(err, &known) && known.Code != errs.Internal {
		text = known.Error()
	}
	fmt.Fprintln(w, "mirabilia:", strings.Join(strings.Fields(text), " "))
	return 2
}

// tomlFile is a configuration file: a key is a flag's name with _ or -.
type tomlFile map[string]any

// readTOML makes the values of a TOML file the flags' values.
func readTOML(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	if _, err := toml.NewDecoder(r).Decode(&values); err != nil {
		return nil, fmt.Errorf("the configuration file is no TOML: %w", err)
	}
	file := tomlFile{}
	for key, v := range values {
		file[strings.ReplaceAll(key, "_", "-")] = v
	}
	return file, nil
}

// Validate refuses a key that no command has a flag for: a misspelt name would
// be passed over in silence.
func (f tomlFile) Validate(app *kong.Application) error {
	known := map[string]bool{}
	for _, node := range append([]*kong.Node{app.Node}, app.Children...) {
		for _, flag := range node.Flags {
			known[flag.Name] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(f)) {
		if !known[key] {
			return fmt.Errorf("the configuration file: %s is no flag of any command", key)
		}
	}
	return nil
}

// Resolve gives the value of a flag that is named neither on the command line
// nor in the environment, which is stronger than the file.
func (f tomlFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, ok := os.LookupEnv(env); ok {
			return nil, nil
		}
	}
	switch value := f[flag.Name].(type) {
	case int64, float64, time.Time:
		// Read as from the environment, so that a number where a text belongs is
		// refused in the same words.
		return fmt.Sprint(value), nil
	default:
		return value, nil
	}
}

type versionCmd struct{}

func (versionCmd) Run(io streams) error {
	_, err := fmt.Fprintln(io.out, "mirabilia", version)
	return err
}

type helpCmd struct {
	Command []string `arg:"" optional:"" help:"The command to explain."`
}

func (h helpCmd) Run(parser *kong.Kong) error {
	_, err := parser.Parse(append(h.Command, "--help"))
	return err
}
