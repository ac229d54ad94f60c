# The front door: each command is a script in scripts/, safe to repeat and quick when there is nothing to do.

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: ## get what is missing, build, and serve: open the address that it prints
	@scripts/run.sh

test: ## get what is missing and run every test
	@scripts/test.sh

soak: ## the same tests, with the long ones long
	@PORTICO_SOAK=1 scripts/test.sh

build: ## target/release/portico, one file with its assets inside
	@scripts/build.sh

bench: ## print figures of the built program: first load, start, memory, pages, decisions, imports, invitations
	@scripts/bench.sh

dev: ## serve a debug build and rebuild it on change
	@scripts/dev.sh

check: ## format, lints and types
	@scripts/check.sh

sqlx-data: ## write .sqlx anew, after a query or a migration has changed
	@scripts/sqlx-data.sh

setup: ## only get what is missing on this machine
	@scripts/setup.sh

.PHONY: help run test soak build bench dev check sqlx-data setup
