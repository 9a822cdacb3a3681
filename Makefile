# Rozmova on Debian 12 with Swift 6.3: each goal does what it needs of those before it.
#   make deps | build | demo | test | bench | lint | install [PREFIX=/usr/local] [DESTDIR=]

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
JOBS ?= 2

# Tests look inside modules; built the same way, the program and they are one build.
BUILD := $(SWIFT) build -c release -j $(JOBS) -Xswiftc -enable-testing
ROZMOVA := .build/release/rozmova

# The libraries that are linked (libcurl by Foundation, in `make install`), the recogniser's English model and the synthesiser's voices.
PACKAGES := pkg-config libpocketsphinx-dev pocketsphinx-en-us libespeak-ng-dev espeak-ng-data \
	libsqlite3-dev libsodium-dev libspeexdsp-dev libasound2-dev libcurl4-openssl-dev \
	libre-dev librem-dev libspandsp-dev libssl-dev
# Telephones of others' making, which `make test` calls the line with.
TELEPHONES := baresip-core sip-tester openssl
# A sound server for the tests of kiosks, and ALSA's way to it.
SOUND := pulseaudio pulseaudio-utils libasound2-plugins
# What only `make fixtures` needs: synthesisers for callers' voices, and sound editing.
FIXTURE_PACKAGES := flite sox espeak-ng python3

.PHONY: all deps telephones build demo test bench lint fixtures install clean
all: build

deps:
	@.ci/deps $(PACKAGES)
	@.ci/wheel localstripe localstripe==1.15.10 'tests that pay at it'

# Telephones of others' making and a sound server for the tests.
telephones:
	@.ci/deps $(TELEPHONES) $(SOUND)
	@.ci/wheel pjsua2 pjsua2-python==2.15.1.post1 'callers made with it'

build: deps
	@$(BUILD)

demo: build
	@$(ROZMOVA) demo

test: deps telephones
	@SWIFT='$(SWIFT)' JOBS=$(JOBS) .ci/test

bench: build
	@$(ROZMOVA) bench

lint:
	@$(SWIFT) format lint --strict --parallel --recursive Sources Tests Package.swift

# The recordings are committed; this makes them again.
fixtures: deps
	@.ci/deps $(FIXTURE_PACKAGES)
	@python3 AudioFixtures/make.py

# What is installed brings Swift's libraries with it, so that it does not need the toolchain that built it.
# A configuration that is there already is left alone.
install: deps
	$(SWIFT) build -c release -j $(JOBS) --static-swift-stdlib --scratch-path .build/install --product rozmova
	install -D -m 0755 .build/install/release/rozmova $(DESTDIR)$(PREFIX)/bin/rozmova
	install -d $(DESTDIR)$(PREFIX)/share/rozmova
	cp -R Models/. $(DESTDIR)$(PREFIX)/share/rozmova/
	install -D -m 0644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/rozmova/LICENSE
	install -d $(DESTDIR)/etc/systemd/system
	sed 's|/usr/local|$(PREFIX)|g' systemd/rozmova.service > $(DESTDIR)/etc/systemd/system/rozmova.service
	test -e $(DESTDIR)/etc/systemd/journald@rozmova.conf || \
		install -D -m 0644 systemd/journald@rozmova.conf $(DESTDIR)/etc/systemd/journald@rozmova.conf
	test -e $(DESTDIR)/etc/rozmova/rozmova.json5 || \
		install -D -m 0644 systemd/rozmova.json5 $(DESTDIR)/etc/rozmova/rozmova.json5

clean:
	$(SWIFT) package clean
