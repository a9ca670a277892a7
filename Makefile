# Two commands do everything on a fresh machine: `make demo` and `make test`.
# PYTHON=python3.12 chooses an interpreter; VENV=path another environment (one that has its own
# torch keeps it); VENV_FLAGS=--system-site-packages sees what the system already has.
PYTHON ?=
VENV ?= .venv
VENV_FLAGS ?=
BIN = $(VENV)/bin
STAMP = $(VENV)/.vtk-installed

.PHONY: demo lab test figures train-tiny eval-tiny heads docs setup format clean
.DEFAULT_GOAL := demo

demo: $(STAMP)      ## real films, real weights, all starter recipes; leaves everything in out/
	$(BIN)/vtk-notebooks demo --out out

lab: $(STAMP)       ## JupyterLab on the start notebook
	$(BIN)/vtk-notebooks lab

test: $(STAMP)      ## every check there is
	VENV=$(VENV) .ci/test

figures: $(STAMP)    ## every figure notebook, from nothing: PDF, SVG and PNG in out/figures
	rm -rf out/figures
	mkdir -p out/figures
	VTK_OUT="$(CURDIR)/out/figures" PYDEVD_DISABLE_FILE_VALIDATION=1 $(BIN)/jupyter nbconvert \
		--to notebook --execute --output-dir out/figures --log-level WARN notebooks/figures/*.ipynb
	$(BIN)/python docs/make_figures.py --figures out/figures --out out/figures/all.png

train-tiny: $(STAMP) ## vtk-tiny from nothing, into out/vtk-tiny; goes on where it was stopped
	$(BIN)/python -m vtk_notebooks.tiny.train --out out/vtk-tiny

eval-tiny: $(STAMP)  ## what the card of vtk-tiny says, measured again
	$(BIN)/python -m vtk_notebooks.tiny.scores

heads: $(STAMP)      ## heads that learn, trained anew, beside the blind prior
	$(BIN)/python benchmarks/heads.py

docs: $(STAMP)       ## the site, from notebooks that are run for it; in out/docs/site
	$(BIN)/python docs/build.py

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt .ci/setup
	PYTHON="$(PYTHON)" VENV="$(VENV)" VENV_FLAGS="$(VENV_FLAGS)" .ci/setup
	@touch $(STAMP)

format: $(STAMP)    ## put code and notebooks into house style
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

clean:              ## remove what was made, keep the environment
	rm -rf out dist build .pytest_cache .ruff_cache .hypothesis .import_linter_cache
