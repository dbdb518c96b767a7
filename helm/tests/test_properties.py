"""Values made from values.schema.json: what the schema lets through is rendered and fits the policies, or is refused with a reason of the chart."""

import json
import os
import unittest

import kubernetes_validate
from hypothesis import HealthCheck, Phase, given, settings, strategies
from hypothesis_jsonschema import from_schema

import chart
import policies
import test_render

schema = json.loads((chart.folder / "values.schema.json").read_text())
# What Kubernetes' own objects are passed on as: anything would do for the schema, nothing for Kubernetes.
passed_on = "Passed on to Kubernetes as it is."
# The table is the program's: other values of it would describe another program. `global` is not read.
fixed = {"topology", "global"}


def without_objects(node, is_whole=False):
    """The schema without properties that are passed on, which keep their defaults; every other property may be there or not, but for lists'
    elements, which are whole."""
    if isinstance(node, list):
        return [without_objects(inner, is_whole) for inner in node]
    if not isinstance(node, dict):
        return node
    result = {key: without_objects(inner, is_whole or key == "items") for key, inner in node.items() if is_whole or key != "required"}
    if isinstance(node.get("properties"), dict):
        result["properties"] = {key: inner for key, inner in result["properties"].items() if not is_passed_on(node["properties"][key])}
    return result


def is_passed_on(node):
    if "$ref" in node:
        node = schema["definitions"][node["$ref"].rpartition("/")[2]]
    return node.get("$comment") == passed_on


def strategy(section):
    """Values of one section of the file."""
    return from_schema({**without_objects(schema["properties"][section]), "definitions": without_objects(schema["definitions"])})


sections = sorted(set(schema["properties"]) - fixed)
# A few sections a time: with all of them at once nearly every set of values would be refused for some reason.
values = strategies.lists(strategies.sampled_from(sections), min_size=1, max_size=4, unique=True).flatmap(
    lambda chosen: strategies.fixed_dictionaries({section: strategy(section) for section in chosen})
)
bases = strategies.sampled_from([("values-dev.yaml",), ("values-stage.yaml",), ("values-prod.yaml",), ("values-prod.yaml", "values-prod-cnpg.yaml")])


class Properties(unittest.TestCase):
    def test_values(self):
        """values made from the schema: rendered and within the policies, or refused with a reason"""
        counts = {"rendered": 0, "refused": 0}

        @settings(
            max_examples=int(os.environ.get("CODELAB_CHART_EXAMPLES", "60")),
            deadline=None,
            derandomize=True,
            database=None,
            # Shrinking would render for minutes; what was found is printed as it is.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(bases, values)
        def hold(files, given_values):
            try:
                objects = chart.render(files, given_values)
            except chart.Refused as refusal:
                assert "codelab: " in str(refusal), f"refused without a reason of the chart: {refusal}"
                counts["refused"] += 1
                return
            counts["rendered"] += 1
            faults = policies.violations(objects, chart.effective(files, given_values))
            assert not faults, faults
            for item in objects:
                if (item["apiVersion"], item["kind"]) not in test_render.custom:
                    kubernetes_validate.validate(item, "1.33", strict=True)

        hold()
        print(f"    {counts['rendered']} rendered, {counts['refused']} refused")
        self.assertGreater(counts["rendered"], counts["refused"] / 4, "the values hardly ever get as far as the templates")
