# make run    builds and opens the workbench      make run ARGS="run diva --data digits"   runs a command instead
# make test   builds and runs all tests           make bench ARGS="--only frame"           measures
# make load   a store of ten thousand runs and 100 million points, a full queue, storms and a slow terminal (docs/scale.md)
# make faults FAULTS=500   ends, fills, tears and crashes real runs, and says what was lost (docs/trust.md)
# make sanitize  the tensor tests under the address and thread sanitizers
# make install PREFIX=/usr/local                  make screens   renews the golden screens and docs/keys.md
# make deb    a Debian package in dist/ that runs without Swift
#
# One configuration, release, for run and test: a newcomer builds once.

PREFIX ?= /usr/local
ARGS ?=
FAULTS ?= 500
# The same flags at a terminal and in a pipe: SwiftPM else builds all anew when one follows the other.
BUILD = swift build -c release --no-color-diagnostics
LATHE = .build/release/lathe

.PHONY: run test faults load sanitize bench install install-files uninstall build screens deb clean

run: build
	@if [ -n "$(ARGS)" ] || { [ -t 0 ] && [ -t 1 ]; }; then exec $(LATHE) $(ARGS); else \
	  echo "lathe: the workbench needs a terminal, and this is none. Without a screen:"; \
	  echo "    make run ARGS=\"run diva --data digits\""; \
	  echo "    make run ARGS=\"--help\""; fi

build:
	@scripts/prepare build
	@$(BUILD) --product lathe

test:
	@scripts/prepare test
	@$(BUILD) --build-tests
	@scripts/test

# What a busy year costs: writes a store of 1 GB once, then drives the program in a terminal and measures. An hour; ARGS="--only start,search" less.
load: build
	@$(BUILD) --product StoreWriter
	@python3 Tests/Load/load.py $(ARGS)
# About an hour on two cores.
faults:
	@scripts/prepare test
	@$(BUILD) --product lathe
	@$(BUILD) --product Faults
	@.build/release/Faults all $(LATHE) $(FAULTS)

# The tensor tests under the address and the thread sanitizer, about two minutes each.
sanitize:
	@scripts/prepare test
	scripts/sanitize

bench: build
	@$(LATHE) bench $(ARGS)

install: build
	@$(MAKE) --no-print-directory install-files

# The program, what it looks for beside itself, its manual page and the completions of shells; of a program that is built.
install-files:
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/lathe/themes" "$(DESTDIR)$(PREFIX)/share/lathe/sessions" "$(DESTDIR)$(PREFIX)/share/man/man1"
	install -d $(COMPLETIONS)
	install -m 755 $(LATHE) "$(DESTDIR)$(PREFIX)/bin/lathe"
	install -m 644 themes/*.toml "$(DESTDIR)$(PREFIX)/share/lathe/themes/"
	install -m 644 sessions/*.session "$(DESTDIR)$(PREFIX)/share/lathe/sessions/"
	$(LATHE) manual | gzip -9n > "$(DESTDIR)$(PREFIX)/share/man/man1/lathe.1.gz"
	$(LATHE) --generate-completion-script bash > "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/lathe"
	$(LATHE) --generate-completion-script zsh > "$(DESTDIR)$(PREFIX)/share/zsh/vendor-completions/_lathe"
	$(LATHE) --generate-completion-script fish > "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/lathe.fish"

COMPLETIONS = "$(DESTDIR)$(PREFIX)/share/bash-completion/completions" "$(DESTDIR)$(PREFIX)/share/zsh/vendor-completions" "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d"

uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/lathe" "$(DESTDIR)$(PREFIX)/share/man/man1/lathe.1.gz" "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/lathe"
	rm -f "$(DESTDIR)$(PREFIX)/share/zsh/vendor-completions/_lathe" "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/lathe.fish"
	rm -rf "$(DESTDIR)$(PREFIX)/share/lathe"

deb:
	@scripts/prepare build
	@scripts/deb

# Renews what is made from the program: golden screens, docs/keys.md and the keys in README.md. Read the difference before you commit.
screens: build
	@$(BUILD) --build-tests
	LATHE_UPDATE_GOLDEN=1 swift test -c release --skip-build --filter 'ChartsTests|WorkbenchTests' || true
	$(LATHE) keys > docs/keys.md
	sed -n '/^## /,$$p' docs/keys.md | sed 's/^## /### /' > .build/keys.part
	sed -i -e '/^<!-- keys:/,/^<!-- end of keys/{/^<!-- keys:/{p;r .build/keys.part' -e '};/^<!-- end of keys/!d}' README.md

clean:
	swift package clean
