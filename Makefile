# Everything a newcomer needs: make run, make test. The rest is for those who
# change the program; "make help" lists it.

export CGO_ENABLED ?= 0
# Without the tag, decoders of pictures would load the system's libraries and the
# program would not be static. Paths are left out everywhere, so that tests and
# packages are built from the same cache.
export GOFLAGS := -trimpath -tags=nodynamic $(GOFLAGS)
GOFLAGS_BUILD := -ldflags "-s -w -X main.version=$(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)"
TOOL := go tool -modfile=tools/go.mod
TEMPL := go tool templ

.PHONY: help run build assets test e2e check bench generate gazetteer basemap deb packaging clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: build ## build, and serve the demo atlas on http://127.0.0.1:8080
	bin/mirabilia serve --demo --data data

build: assets ## bin/mirabilia, one static binary with all assets inside
	go build $(GOFLAGS_BUILD) -o bin/mirabilia ./cmd/mirabilia

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

assets: node_modules/.package-lock.json ## styles, scripts and fonts, bundled
	go run ./internal/web/assets/build

generate: ## regenerate what is generated and committed
	$(TEMPL) generate ./internal/web/view/...
	gofmt -w $$(git ls-files '*_templ.go')

gazetteer: ## regenerate the gazetteer's tables from the packages they come from
	internal/gazetteer/generate/run

basemap: ## regenerate the basemap's tiles
	internal/web/tiles/generate/run

# The race detector makes a program several times slower. Without it run: what
# has no two at once, and the commands (PLAIN), what kills the program or its disk
# again and again (SLOW), and pictures, decoded in a child with a limit of
# processor time. Where only some tests of a room have two at once, those are
# raced (ALIKE, in BESIDE).
SLOW := ^Test(Killed|FailingDisk|PowerCut)
PLAIN := cmd/mirabilia|internal/(api|app|audit|campaign|demo|destination|draft|dump|factor|finder|finder/(facet|space|text)|follow|gazetteer(/[a-z]+)?|interchange|keep|linkcheck|list|mail(/letters)?|matter|mcp|media|notice|outward|page|personal|photo|place|polygon|portrait|profile|proposal|query|revision|saved|search|setting|tag|text|user|web|web/.*)
ALIKE := Road|Pipelined|Stopping|Forgotten|MemoryIsBounded|TestBlobs|TheFileOfABackup|[tT]ogether|[aA]tOnce|[a-z]Once$$|BesideA|TriesAre|losesNothing|nothingIsLost|ReadersSee|WhileChanging|goodOnce|OtherNode|StopFinishes|Crowd|CountsAreFollowed|StartFromSnapshot|tellsWhatIsPublished
BESIDE := $(addprefix ./internal/,api app campaign draft factor finder keep list matter place proposal setting user web)
TEST := $(TOOL) gotestsum --format pkgname-and-test-fails --

test: assets ## every test: both engines, race detector, then the browser; ends with the count
	scripts/need gcc=gcc /usr/include/stdio.h=libc6-dev chromium=chromium /usr/lib/postgresql/15/bin/initdb=postgresql-15
	scripts/with-postgres $(TEST) -skip '$(SLOW)' $$(go list ./... | grep -E '/($(PLAIN))$$')
	CGO_ENABLED=1 scripts/with-postgres $(TEST) -race -skip '$(SLOW)' -timeout 25m $$(go list ./... | grep -vE '/(e2e|packaging|$(PLAIN))$$')
	CGO_ENABLED=1 scripts/with-postgres $(TEST) -race -run '$(ALIKE)' $(BESIDE)
	$(TEST) -count=1 -run AMillionPoints ./internal/finder
	scripts/with-postgres $(TEST) -count=1 -run '$(SLOW)' ./cmd/mirabilia ./internal/db
	$(MAKE) -s e2e
	$(MAKE) -s packaging

# Without the race detector: it makes the server several times slower, and the
# journeys wait for pages; everything they run is raced by the tests above.
e2e: assets ## journeys in Chromium with axe, on both engines
	scripts/need chromium=chromium /usr/lib/postgresql/15/bin/initdb=postgresql-15
	scripts/with-postgres $(TOOL) gotestsum --format testname -- -count=1 -timeout 20m ./e2e

check: assets ## formatting, vet, lint, generated code up to date, licences
	scripts/check

bench: build ## the benchmarks, as ratios against references in the same run
	bench/run

deb: assets ## the Debian package, into bin/
	packaging/deb bin

packaging: assets ## build the Debian package and try it; nginx and Caddy in front of the program, by the examples
	scripts/need dpkg-deb=dpkg systemd-analyze=systemd
	packaging/proxies bin/proxies
	MIRABILIA_TEST_PROXIES=$(CURDIR)/bin/proxies $(TOOL) gotestsum --format testname -- -count=1 ./packaging

clean: ## remove what was built
	rm -rf bin node_modules internal/web/assets/dist/*
