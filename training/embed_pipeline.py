"""Embed a department's pictures by its coming model on many machines: an Apache Beam pipeline.

    python -m training.promote models/womenswear/demo-4 shop.csv --announce
    python -m training.embed_pipeline --department womenswear --runner DataflowRunner …
    python -m training.promote models/womenswear/demo-4

The first command judges, publishes and announces the model; this one writes the vectors that promoting would
have made, in the same files; the third embeds what is left and switches. IMAGES and CATALOGUE say where, as
for the functions, and have to be addresses that every worker reaches. Other arguments are Beam's; without
--runner all runs on this machine, and --direct_running_mode multi_processing --direct_num_workers N has it
take N processes. Killed and started again it goes on with what is not written yet. docs/training.md says from
which size on this pays. Needs requirements/beam.txt, in an environment of its own; no torch.
"""

import argparse
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.ml.inference.base import ModelHandler, RunInference
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineResult, PipelineState

from shared import wiring
from shared.departments import DEPARTMENTS
from shared.encoder import Encoder
from shared.errors import ModelMissing, StylekinError
from shared.facts import Picture
from shared.manifest import read_manifest
from shared.storage.patient import Patient
from training.promotion import Seen, Way, keep, lacking, look, parts, seen_by

NAMESPACE = "stylekin"
#: Beam's own, in Python; what it calls DirectRunner would first fetch another one, a program of its own.
HERE = "apache_beam.runners.portability.fn_api_runner.FnApiRunner"


class Route(NamedTuple):
    """A Way by its addresses, which travel to workers as stores can not."""

    images: str
    catalogue: str
    department: str
    version: str

    def way(self) -> Way:
        """The stores at these addresses. Raises SettingsError."""
        images = Patient(wiring.blobs("IMAGES", self.images))
        blobs = Patient(wiring.blobs("CATALOGUE", self.catalogue))
        return Way(images, blobs, self.department, self.version)


def wanted(route: Route) -> Iterator[dict[str, str]]:
    """What is not embedded yet, in parts: clocks by item id."""
    yield from parts(lacking(route.way()))


class Look(beam.DoFn):
    """A part to its decoded pictures; those that can not be had are logged and counted."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self.left = Metrics.counter(NAMESPACE, "left")

    def setup(self) -> None:
        """Open the bucket, once a worker."""
        self.images = self.route.way().images

    def process(self, part: dict[str, str]) -> Iterator[list[Seen]]:
        """At most one list of pictures."""
        found, left = look(self.images, part)
        for item_id, reason in left.items():
            logging.warning("not embedded: %s: %s", item_id, reason)
        self.left.inc(len(left))
        if found:
            yield found


class Networks(ModelHandler[Seen, list[Picture], Encoder]):
    """Both networks of the bundle, loaded once a process: a part's pictures in, the part's facts out."""

    def __init__(self, route: Route) -> None:
        super().__init__()
        self.route = route

    def load_model(self) -> Encoder:
        """The bundle from the catalogue bucket, checked against its card. Raises as Encoder.load."""
        return Encoder.load(self.route.way().blobs, self.route.department, self.route.version)

    def should_skip_batching(self) -> bool:
        """A part is a batch, so that a file has the same pictures on every run."""
        return True

    def run_inference(
        self, batch: Sequence[Seen], model: Encoder, inference_args: dict[str, object] | None = None
    ) -> Iterable[list[Picture]]:
        """One list: the facts of the part."""
        return [seen_by(self.route.version, model, batch)]

    def get_num_bytes(self, batch: Sequence[Seen]) -> int:
        """Of the pixels, for Beam's metrics."""
        return sum(pixels.nbytes for _, _, pixels in batch)


class Keep(beam.DoFn):
    """Write the facts of a part."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self.embedded = Metrics.counter(NAMESPACE, "embedded")

    def setup(self) -> None:
        """Open the bucket, once a worker."""
        self.way = self.route.way()

    def process(self, facts: list[Picture]) -> None:
        """Nothing comes out."""
        keep(self.way, facts)
        self.embedded.inc(len(facts))


def run(route: Route, options: PipelineOptions) -> PipelineResult:
    """Embed all that is lacking, and wait for the end of it. Raises what Beam makes of a failure."""
    pipeline = beam.Pipeline(options=options)
    _ = (
        pipeline
        | "route" >> beam.Create([tuple(route)])
        | "wanted" >> beam.FlatMap(lambda named: wanted(Route(*named)))
        | "spread" >> beam.Reshuffle()
        | "look" >> beam.ParDo(Look(route))
        | "embed" >> RunInference(Networks(route))
        | "keep" >> beam.ParDo(Keep(route))
    )
    result = pipeline.run()
    result.wait_until_finish()
    return result


def counted(result: PipelineResult, name: str) -> int:
    """The sum of one of our counters."""
    found = result.metrics().query(MetricsFilter().with_namespace(NAMESPACE).with_name(name))["counters"]
    return sum(counter.result for counter in found)


def coming(department: str) -> Route:
    """The route to the model that was announced. Raises ModelMissing if none was."""
    manifest, _ = read_manifest(wiring.catalogue(), department)
    if manifest.coming is None:
        raise ModelMissing(
            f"{department}: expected a coming model, found none beside {manifest.model}; "
            "announce one by python -m training.promote BUNDLE SOURCE --announce"
        )
    settings = wiring.settings()
    return Route(settings.images, settings.catalogue, department, manifest.coming)


def main() -> int:
    """Embed what the coming model has not seen; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.embed_pipeline",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--department", choices=DEPARTMENTS, required=True)
    parser.add_argument("--runner", default=HERE, help="Beam's runner; default: on this machine")
    given, flags = parser.parse_known_args()
    try:
        route = coming(given.department)
    except StylekinError as error:
        print(error, file=sys.stderr)
        return 1
    result = run(route, PipelineOptions(flags, runner=given.runner))
    done, left = counted(result, "embedded"), counted(result, "left")
    print(f"{route.department} {route.version}: {done} pictures embedded, {left} could not be")
    return 0 if result.state == PipelineState.DONE else 1


if __name__ == "__main__":
    sys.exit(main())
