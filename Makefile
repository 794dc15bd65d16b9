# Everything runs in .venv, which is made on first use.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

# The products of small matrices here run faster on one thread than on several.
export OPENBLAS_NUM_THREADS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Tests run in so many processes at once.
JOBS ?= 2

# In a container one often is root, which Jupyter refuses unless told.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: help lab test fuzz versions lint refresh data site bench mutate clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

lab: $(READY)  ## open JupyterLab on the first notebook
	JUPYTER_CONFIG_PATH=tools/jupyter $(BIN)/jupyter lab $(AS_ROOT) \
		--ServerApp.kernel_websocket_connection_class=ensembles_lib.no_delay.NoDelay \
		--LabApp.default_url=/lab/tree/notebooks/01_paint_a_peacock.ipynb

test: $(READY)  ## run the library's tests and check every stored notebook output
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --nbval --nbval-current-env \
		--nbval-sanitize-with tests/nbval.cfg ensembles_lib tools/data/measuring tests notebooks

fuzz: $(READY)  ## read 10,000 damaged files of every kind, and say what came of them; SEED=7 for others
	FUZZ=35 FUZZ_SEED=$(or $(SEED),1) $(BIN)/python -m pytest -q -s \
		-k "damage or mutated or forged" tests/project/test_fuzz_files.py

versions: $(READY)  ## the same with the oldest and the newest packages, Pythons and BLAS kernels
	$(BIN)/python tools/checks/check_versions.py $(if $(PYTHONS),--python $(PYTHONS)) \
		$(if $(PACKAGES),--packages $(PACKAGES)) $(if $(KERNELS),--kernels $(KERNELS)) \
		$(if $(ONLY),--only $(ONLY))

lint: $(READY)  ## check the style of the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

refresh: $(READY)  ## run all notebooks and store their outputs
	$(BIN)/python tools/checks/refresh_notebooks.py

data: $(READY)  ## draw the pictures and train and measure their networks anew (some hours)
	$(BIN)/python tools/data/draw_peacock.py
	$(BIN)/python tools/data/draw_lighthouse.py
	$(BIN)/python tools/data/train_networks.py
	$(BIN)/python tools/data/choose_birds.py
	$(BIN)/python tools/data/draw_banner.py
	$(BIN)/python tools/data/record_histories.py
	$(BIN)/python tools/data/measure_emergence.py
	$(BIN)/python tools/data/find_ensembles.py
	$(BIN)/python tools/data/run_study.py
	$(BIN)/python tools/data/gather_evidence.py
	$(BIN)/python tools/data/own_pictures.py
	$(BIN)/python tools/data/paint_portrait.py
	$(BIN)/python tools/data/calibrate_forecasts.py --jobs 2
	$(BIN)/python tools/data/breed_genome.py

site: $(READY)  ## turn the notebooks into a static site, in site/
	$(BIN)/python tools/site/build_site.py

bench: $(READY)  ## compare speed with JAX, PyTorch, SciPy and scikit-learn
	$(BIN)/python -m pip install --quiet --editable ".[bench,test]"
	$(BIN)/python benchmarks/paint_and_jacobian.py
	$(BIN)/python benchmarks/train_time.py
	$(BIN)/python benchmarks/atlas_time.py
	$(BIN)/python benchmarks/geometry_time.py
	$(BIN)/python benchmarks/move_time.py
	$(BIN)/python benchmarks/upload_time.py
	$(BIN)/python benchmarks/playground_latency.py

mutate: $(READY)  ## see which broken lines the tests notice; MODULES="core/passes sweeps/ranges" SAMPLE=20
	$(BIN)/python -m pip install --quiet --editable ".[mutation,test]"
	$(BIN)/python tools/checks/mutate.py $(if $(SAMPLE),--sample $(SAMPLE)) $(MODULES)

clean:  ## remove the environment
	rm -rf .venv

# uv sets up in seconds what takes pip a minute and a half; where it is not to be had, pip does it.
# The news that JupyterLab offers to fetch would cover the first picture.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"Python 3.11 or newer is needed, this is " + sys.version.split()[0] + \
		": make PYTHON=/path/to/a/newer/python")'
	$(PYTHON) -m venv .venv
	@echo 'installing into .venv'
	@{ $(BIN)/python -m pip install --quiet uv && \
		$(BIN)/uv pip install --quiet --python $(BIN)/python --editable ".[test]"; } || \
		$(BIN)/python -m pip install --quiet --editable ".[test]"
	@$(BIN)/jupyter labextension disable --level=sys_prefix \
		"@jupyterlab/apputils-extension:announcements" 2> /dev/null
	@touch $(READY)
