# Pingyi: every target makes its own virtual environment and brings what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SBIN := /usr/sbin
# On some systems a venv wants the package python3-venv; the message of "python3 -m venv" says so itself.

.PHONY: help demo test bench tools messages pictures
help: ## what can be done here
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

$(VENV)/.run: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[postgres,test]'
	@touch $@ $(VENV)/.run

demo: $(VENV)/.run ## a township of invented people: three published rounds, a counted meeting, an open one for your phone
	$(BIN)/pingyi demo

# Chromium without a window opens a page for a quarter of the work; where it cannot be installed the whole one will do.
tools: ## what the tests need beside Python: Chromium, nginx, systemd-analyze
	@has() { (PATH="$$PATH:$(SBIN)"; command -v "$$1") >/dev/null 2>&1; }; \
	may=; if [ "$$(id -u)" = 0 ] && has apt-get; then may=1; fi; \
	missing=; for each in chromium-headless-shell:chromium-headless-shell nginx:nginx systemd-analyze:systemd; do \
	  has "$${each%%:*}" || missing="$$missing $${each##*:}"; done; \
	if [ -z "$$may" ] && has chromium; then missing="$${missing# chromium-headless-shell}"; fi; \
	if [ -z "$$missing" ]; then :; \
	elif [ -n "$$may" ]; then \
	  echo "Installing for the tests, from Debian:$$missing"; \
	  get() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$$@" >/dev/null; }; \
	  apt-get update -qq && { get $$missing || get $$(echo $$missing | sed s/-headless-shell//); }; \
	else echo "The tests need programs that are not here:$$missing. Install them (on Debian, as root: apt-get install$$missing) and run \"make test\" again." >&2; exit 1; fi

test: tools $(VENV)/.test ## style, types, every test on SQLite and PostgreSQL
	$(BIN)/ruff check .
	$(BIN)/mypy
	# Nearly half of their time they wait for browsers, servers and disks. What fails on a busy machine is run once more, and named.
	$(BIN)/pytest -q -r R --reruns 1 -n $$(( $$(nproc) * 2 ))

CATALOGUE := survey/translations/en/LC_MESSAGES/messages.po
messages: $(VENV)/.run ## bring the English catalogue up to the source; then write what stands as msgstr ""
	$(BIN)/pybabel -q extract -F pyproject.toml --no-location --sort-output --omit-header -k say -k mark -o $(VENV)/messages.pot .
	$(BIN)/pybabel -q update -l en -i $(VENV)/messages.pot -o $(CATALOGUE) --no-fuzzy-matching --ignore-obsolete --no-wrap --omit-header

bench: $(VENV)/.test ## medians, ranges and ratios; FILE=evaluations.csv adds the 2,219 ballots through the box
	$(BIN)/python -m benchmarks $(if $(FILE),--file '$(FILE)')

pictures: tools $(VENV)/.test ## take the pictures of the README anew, from the demo's township
	$(BIN)/python docs/pictures.py
