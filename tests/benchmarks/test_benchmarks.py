"""The parts of `make bench` that need none of the competitors, and two tiny measurements."""

import json
import math
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as command
from benchmarks import flops, machine, runner, summary
from benchmarks.chinese import in_chinese, twin
from benchmarks.counterparts import COUNTERPARTS
from benchmarks.job import Job, Plan, Record
from benchmarks.report import page, write
from benchmarks.sections import NAMES, epochs, metric, scaling, section, step
from benchmarks.store import Store
from benchmarks.tables import failures, table
from kerastut.registry.lookup import get_recipe

DOCS = Path(__file__).parents[2] / "docs"
PLAN = Plan(quick=False, rounds=3, seeds=2, threads=2)
QUICK = Plan(quick=True, rounds=1, seeds=1, threads=2)


def record(
    job: str, result: dict[str, Any] | None, error: str | None = None, **options: Any
) -> Any:
    """Returns a record as the runner makes it."""
    made: Record = {"job": job, "options": options, "round": 0, "threads": 2, "others": 0.0}
    return made | {"result": result, "error": error, "process_seconds": 1.0}


def timing(name: str, *seconds: float) -> Any:
    """Returns the record of a competitor that trained the CNN on 100 images."""
    result = {"seconds": list(seconds), "first": 1.0, "peak_mib": 900.0, "accuracy": 0.9}
    return record(name, {**result, "parameters": 225_034}, samples=100, model="cnn")


def head() -> dict[str, Any]:
    """Returns what is saved beside a section's records."""
    described = machine.described()
    return {"date": "2026-01-01", "load": 0.0, "machine": described, "command": "make bench"} | {
        "threads": 2,
        "quick": False,
    }


class TestSummary:
    def test_spread(self) -> None:
        assert summary.spread([3.0, 1.0, 2.0]) == "2.00 (1.00..3.00)"
        assert summary.spread([3.0]) == "3.00"
        assert summary.spread([]) == "-"

    def test_mean_and_its_standard_error(self) -> None:
        assert summary.mean_error([1.0, 2.0, 3.0]) == pytest.approx((2.0, 1 / math.sqrt(3)))
        assert math.isnan(summary.mean_error([1.0])[1])

    def test_reached_allows_one_standard_error_of_the_difference(self) -> None:
        target = [0.90, 0.92]  # 0.91, standard error 0.01
        assert summary.reached([0.901, 0.901], target, higher_is_better=True)
        assert not summary.reached([0.899, 0.899], target, higher_is_better=True)
        assert summary.reached([0.899], [0.899], higher_is_better=True)
        assert not summary.reached([0.02], [0.01], higher_is_better=False)

    def test_geometric_mean(self) -> None:
        assert summary.geometric_mean([1.0, 9.0]) == pytest.approx(3.0)


class TestFlops:
    def test_the_cnn_takes_15_8_million_a_sample(self) -> None:
        assert flops.per_sample("cnn") == 3 * (389_376 + 4_460_544 + 409_600 + 2_560)
        assert flops.per_sample("cnn") / 1e6 == pytest.approx(15.79, abs=0.005)

    def test_share(self) -> None:
        # A training that takes twice what the peak would is at half of it.
        assert flops.share("mlp", 2 * flops.per_sample("mlp") / 1e11, 1e11) == pytest.approx(0.5)


class TestSections:
    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("plan", [PLAN, QUICK])
    def test_jobs_are_named_once_and_have_a_module(self, name: str, plan: Plan) -> None:
        jobs = section(name).jobs(plan)
        assert len({job.name for job in jobs}) == len(jobs)
        folder = Path(runner.__file__).parent / "competitors"
        assert all((folder / f"{job.module}.py").is_file() for job in jobs)
        assert section(name).rounds(plan) >= 1

    def test_the_last_batch_is_a_smaller_one(self) -> None:
        for name in ("cnn", "mlp"):
            sizes = {job.options.get("samples", 1) for job in section(name).jobs(PLAN)}
            assert all(size % epochs.BATCH for size in sizes)

    def test_every_counterpart_is_of_a_recipe_and_its_tutorial(self) -> None:
        for found in COUNTERPARTS:
            recipe = get_recipe(found.recipe)
            assert found.parameters.keys() <= recipe.parameters.keys()
            assert any(where.startswith(found.tutorial) for where in recipe.tutorials), found.name
            assert found.metric == "loss" or found.metric in recipe.expect


class TestScaling:
    """Time against samples and threads."""

    def test_the_line_goes_through_the_second_size_whatever_was_measured_last(self) -> None:
        def measured(samples: int, threads: int, seconds: float) -> Any:
            sizes = {"steady": seconds, "steady_samples": samples}
            memory = {"peak_mib": 900.0, "data_mib": 0.0}
            made = record(f"{samples} images, {threads}", sizes | memory, samples=samples)
            return made | {"threads": threads}

        records = [measured(9, 2, 18.0), measured(3, 2, 3.0), measured(6, 1, 12.0)]
        text = scaling.report([*records, measured(6, 2, 6.0)])
        found = [line.split("|")[1:4] for line in text if " images," in line and "|" in line]
        rows = [[cell.strip() for cell in (name, line)] for name, _, line in found]
        assert rows == [
            ["3 images, 2", "1.00"],
            ["6 images, 2", "1.00"],
            ["9 images, 2", "2.00"],
            ["6 images, 1", "1.00"],
        ]


class TestStep:
    @pytest.mark.parametrize(
        ("kernel", "kind"),
        [
            ("gradient_tape/net/second_1/convolution/Conv2DBackpropFilter:_Mkl", "of its weights"),
            ("gradient_tape/net/second_1/convolution/Conv2DBackpropInput:_Mkl", "of its inputs"),
            ("net/first_1/Relu:_MklNativeFusedConv2D", "first convolution, forward"),
            ("gradient_tape/net/dense_1/MatMul/MatMul_1:_MklMatMul", "dense layers"),
            ("net/dropout_1/stateless_random_uniform:StatelessRandomUniformV2", "random numbers"),
            ("net/dropout_1/stateless_dropout/SelectV2:SelectV2", "rest of dropout"),
            ("gradient_tape/net/max_pooling2d_1/MaxPoolGrad:_MklNativeMaxPoolGrad", "pooling"),
            ("adam/Mul_17:Mul", "Adam"),
            ("net/Cast:Cast", "everything else"),
        ],
    )
    def test_kernels_are_told_apart(self, kernel: str, kind: str) -> None:
        assert kind in step.kind(kernel)

    def test_report(self) -> None:
        kernels = {"net/second_1/Relu:_MklNativeFusedConv2D": 2.0, "adam/Mul:Mul": 0.5}
        made = {"step": 10.0, "operations": kernels}
        records = [record(epochs.PEAK, {"peak": 4e11}), record(next(iter(step.NETS)), made)]
        text = "\n".join(step.report(records))
        assert "| second convolution, forward, with bias and relu | 2.00 | 285 |" in text
        assert "| Adam | 0.50 |  |" in text
        assert "GFLOP take 5.05 ms, so the step is at 0.51 of the peak" in text
        assert "take 2.00 ms in place of twice these 5.05" in text
        assert "those that multiply nothing 0.50." in text


class TestReport:
    def test_table(self) -> None:
        assert table(("a", "b"), [("c", "1")]) == ["| a | b |", "| --- | ---: |", "| c | 1 |"]

    def test_epochs(self) -> None:
        peak = record(epochs.PEAK, {"peak": 1e11}, seconds=1)
        text = "\n".join(
            section("cnn").report([peak, timing("kerastut", 0.01, 0.02), timing(epochs.BARE, 0.01)])
        )
        assert "| kerastut | 0.01 (0.01..0.02) | 150.0 | 1.00 | 1.05 | 1.0 | 900 | 0.900 |" in text
        assert "- bare compiled step takes 0.67 times as long." in text
        assert "15.79 MFLOP" in text
        assert "reached 100 GFLOP/s" in text

    def test_each_net_is_compared_with_its_own(self) -> None:
        times = [timing(epochs.OURS, 0.02), timing(epochs.TORCH[0], 0.03)]
        own = [timing(epochs.OWN, 0.01), *(timing(name, 0.04) for name in epochs.TORCH_OWN)]
        text = "\n".join(section("cnn").report([*times, *own]))
        assert "- PyTorch's best (PyTorch, eager) takes 1.50 times as long." in text
        assert (
            "- with the recipe's own dropout, PyTorch's best (PyTorch, eager) takes 4.00 times"
            in text
        )

    def test_the_recipes_own_dropout(self) -> None:
        parameters = get_recipe("cnn-mnist").parameters
        own = [parameters[name].default for name in ("conv_dropout", "dense_dropout")]
        assert own == epochs.RECIPE_DROPOUT

    def test_a_competitor_that_failed_is_named(self) -> None:
        gone = record("PyTorch, eager", None, "ModuleNotFoundError: No module named 'torch'")
        text = "\n".join(section("cnn").report([timing("kerastut", 0.01), gone]))
        assert "Failed: PyTorch, eager: `ModuleNotFoundError: No module named 'torch'`." in text
        assert failures([gone, gone]) == failures([gone])

    def test_without_kerastut_there_are_no_ratios(self) -> None:
        text = "\n".join(section("cnn").report([timing("Keras fit", 0.01)]))
        assert "| Keras fit | 0.01 | 100.0 | - | - | 1.0 | 900 | 0.900 |" in text

    def test_another_net_than_ours_is_told(self) -> None:
        other = timing("Keras fit", 0.01)
        other["result"]["parameters"] = 3
        text = "\n".join(section("cnn").report([timing("kerastut", 0.01), other]))
        assert "Keras fit ({3} parameters!)" in text

    def test_the_mean_leaves_out_what_is_not_reached(self) -> None:
        records = []
        for found, ours in zip(COUNTERPARTS[:3], (0.98, 0.98, 0.5), strict=True):
            for side, seconds, value in (("tutorial", 8.0, 0.98), ("kerastut", 2.0, ours)):
                made = {"seconds": seconds, "metric": value, "peak_mib": 1.0}
                records.append(record(f"{found.name}, {side}", made, name=found.name))
        text = "\n".join(metric.report(records))
        assert "over the 2 recipes that reach the tutorial's metric: **4.00**" in text
        assert f"Not reached, so not in the mean: {COUNTERPARTS[2].name}." in text
        assert metric.ratios(records)[COUNTERPARTS[2].name] == (4.0, False)

    def test_overhead_pairs_the_rounds(self) -> None:
        records = []
        for ours, bare in ((3.0, 2.0), (4.0, 4.0)):
            for name, value in (("kerastut run", ours), ("bare fit", bare)):
                made = {"training": value, "begun": 1.0, "stepped": 2.0}
                records.append(record(f"mlp-mnist, {name}", made))
        text = "\n".join(section("overhead").report(records))
        assert "| mlp-mnist: training | 3.50 | 3.00 | 1.250 (1.000..1.500) |" in text
        assert "| mlp-mnist: start to first step | 1.00 | 1.00 | 1.000 (1.000..1.000) |" in text

    def test_jobs_are_measured_again_beside_the_others(self, tmp_path: Path) -> None:
        store = Store(tmp_path)
        store.save("cnn", head(), [timing("kerastut", 1), timing("Keras fit", 2)])
        again, kept = store.others("cnn", head() | {"command": "again"}, {"kerastut"})
        assert [made["job"] for made in kept] == ["Keras fit"]
        assert again["command"] == "make bench`, `again"

    def test_results_of_other_versions_do_not_stay(self, tmp_path: Path) -> None:
        store, other = Store(tmp_path), head() | {"machine": machine.described() | {"python": "2"}}
        store.save("cnn", other, [timing("kerastut", 1)])
        with pytest.raises(SystemExit, match="found others"):
            store.others("cnn", head(), {"kerastut"})
        with pytest.raises(SystemExit, match="found none"):
            store.others("mlp", head(), {"kerastut"})

    def test_page_and_figure(self, tmp_path: Path) -> None:
        store = Store(tmp_path / "records")
        store.save("cnn", head(), [timing("kerastut", 0.01), timing("Keras fit", 0.5)])
        path = write(store, tmp_path)
        assert path.name == "benchmarks.md"
        assert "![An epoch of the CNN](benchmarks-cnn.png)" in path.read_text(encoding="utf-8")
        assert (tmp_path / "benchmarks-cnn.png").stat().st_size > 1000
        chinese = (tmp_path / "zh" / path.name).read_text(encoding="utf-8")
        assert "![CNN 的一轮](benchmarks-cnn.png)" in chinese
        assert (tmp_path / "zh" / "benchmarks-cnn.png").stat().st_size > 1000

    def test_the_page_in_chinese_has_the_same_numbers(self) -> None:
        english, chinese = (DOCS / folder / "benchmarks.md" for folder in ("", "zh"))
        assert in_chinese(english.read_text("utf-8")) == chinese.read_text("utf-8")

    def test_a_text_without_a_chinese_twin_is_told(self) -> None:
        assert twin("PyTorch, eager, the recipe's own dropout") == (
            "PyTorch，即时执行，配方自己的 Dropout"
        )
        for same in ("cnn-mnist (T4 4)", "1.88 (1.68..2.14)", "`x_train`"):
            assert twin(same) == same
        with pytest.raises(LookupError, match="no Chinese twin of 'PyTorch, slow'"):
            twin("PyTorch, slow")

    @pytest.mark.parametrize(("load", "others"), [(2.0, None), (0.0, 0.5)])
    def test_a_busy_machine_is_told(self, load: float, others: float | None) -> None:
        records = [timing("kerastut", 0.01) | {"others": others}]
        saved = head() | {"load": load, "records": records}
        assert "not quiet" in page({"cnn": saved}, {})
        assert "not quiet" not in page({"cnn": head() | {"records": [timing("kerastut", 1)]}}, {})

    def test_no_name_of_the_machine(self) -> None:
        import platform

        assert platform.node() not in json.dumps(machine.described())


class TestRunner:
    def test_jobs_take_turns_and_a_failed_one_is_not_tried_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def measured(job: Job, number: int, threads: int) -> Record:
            made: Record = record(job.name, None, "no" if job.name == "b" else None)
            return made | {"round": number}

        monkeypatch.setattr(runner, "measured", measured)
        found = list(runner.alternate([Job("a", "x"), Job("b", "x"), Job("c", "x")], 2, 1))
        assert [(r["job"], r["round"]) for r in found] == [
            ("a", 0),
            ("b", 0),
            ("c", 0),
            ("c", 1),
            ("a", 1),
        ]

    def test_a_missing_library_is_an_error_of_one_line(self) -> None:
        found = runner.measured(Job("none", "no_such_module"), 0, 1)
        assert found["result"] is None
        assert re.fullmatch(r"ModuleNotFoundError: .*no_such_module'", found["error"])

    def test_a_process_that_takes_too_long_is_ended(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(runner, "LONGEST", 0.2)
        problem = runner._run([sys.executable, "-c", "import time; time.sleep(60)"])[1]
        assert problem == "took more than 0 s"

    def test_command_line(self) -> None:
        options = command.parse(["--only", "cnn", "--quick"])
        assert (options.only, options.rounds, options.seeds) == (["cnn"], 1, 1)

    @pytest.mark.parametrize("arguments", [["--quick"], ["--jobs", "PyTorch"]])
    def test_a_part_never_replaces_the_page(self, arguments: list[str]) -> None:
        folder, page = command.places(command.parse(arguments))
        assert folder == page
        assert folder.parent == command.BUILD
        assert command.places(command.parse([]))[1].name == "docs"


class TestMeasurements:
    """Two real ones, on 300 images."""

    @pytest.mark.parametrize("module", ["kerastut_run", "keras_fit"])
    def test_epochs(self, module: str) -> None:
        sizes = {"model": "mlp", "samples": 300, "batch": 128, "epochs": 2}
        found = runner.measured(Job("tiny", module, sizes), 0, 2)
        assert found["error"] is None
        result = found["result"]
        assert result["parameters"] == epochs.PARAMETERS["mlp"]
        assert len(result["seconds"]) == 2
        assert all(second > 0 for second in [*result["seconds"], result["first"]])
        assert 50 < result["peak_mib"] < 4000
        assert 0 <= result["accuracy"] <= 1
