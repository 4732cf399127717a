# make serve     set up, index seeds/, serve the search page
# make test      set up, run the tests
# make quick     set up, run those that take no time: for the inner loop
# make check     formatting, lint, types, import rules
# make whoosh3   run the tests of Whoosh's codec over whoosh3, too
# make mutants   do the tests notice a wrong line? MODULE=... for one: tests/mutation/README.md
# make sanitize  the compiled part under AddressSanitizer and UBSan, damaged columns included
# make pythons   the compiled part on CPython 3.12 and 3.13, as far as they are here
# make lock      renew the lock files
# make clean     remove what the others made

PYTHON ?= python3
RUN := .venv/bin/python
PARALLEL := -n auto --dist worksteal
COMPILE := $(RUN) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate -
QUICK := tests/indexer tests/search tests/web tests/contract tests/docs

.PHONY: serve test quick check whoosh3 mutants sanitize pythons lock clean

serve: .venv/runtime
	$(RUN) -m search_app reindex || [ $$? -eq 1 ]
	$(RUN) -m search_app serve || [ $$? -eq 130 ] # Ctrl-C is how it ends

test: .venv/dev .venv/axe .venv/schemathesis
	$(RUN) -m pytest $(PARALLEL) --cov --cov-report=term:skip-covered $(ARGS)

quick: .venv/dev
	$(RUN) -m pytest $(PARALLEL) -m "not slow" $(QUICK) $(ARGS)

whoosh3: .venv/whoosh3
	PYTHONPATH=$< $(RUN) -m pytest tests/indexer/engines/test_whoosh_codec.py tests/indexer/engines/test_whoosh_codec_api.py \
		tests/contract/test_whoosh_codec.py tests/contract/test_whoosh_judge.py $(ARGS)

check: .venv/dev
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -c "from importlinter.cli import lint_imports_command as lint; lint()"

mutants: .venv/dev
	$(RUN) -m tests.mutation $(MODULE)

sanitize: .venv/dev
	PYTHON=$(CURDIR)/$(RUN) sh .ci/sanitize $(ARGS)

pythons:
	sh .ci/pythons

lock: .venv/dev
	$(RUN) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--group build pyproject.toml -o requirements.lock
	$(RUN) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--group build --group dev pyproject.toml -o requirements-dev.lock
	echo schemathesis | $(COMPILE) -o .ci/schemathesis.lock
	echo axe-playwright-python | $(COMPILE) --no-deps -o .ci/axe.lock # for the axe-core in it

clean:
	rm -f $(COMPILED:=/*.so)
	rm -rf .venv build *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache

.venv/bin/python:
	PYTHON="$(PYTHON)" sh .ci/venv

COMPILED := search_app/search/engines/whoosh/native search_app/search/highlighting/native
KERNEL := $(wildcard $(COMPILED:=/*.pyx) $(COMPILED:=/*.pxd))

.venv/runtime: .venv/bin/python requirements.lock pyproject.toml setup.py $(KERNEL)
	$(RUN) -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	PYTHONWARNINGS=ignore $(RUN) -m pip install -q --disable-pip-version-check --no-deps \
		--no-build-isolation -e .
	@touch $@

.venv/dev: .venv/runtime requirements-dev.lock
	$(RUN) -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

# What only some tests read, apart from what all do: each in a folder of its own.
.venv/whoosh3 .venv/axe .venv/schemathesis: .venv/%: .ci/%.lock .venv/dev
	$(RUN) -m pip install -q --disable-pip-version-check --no-deps --require-hashes --upgrade \
		--target $@ -r $<
	@touch $@
