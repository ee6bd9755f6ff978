"""The provenance of a plan: the case, the options, what is left out."""

from models.instance import Instance
from models.options import Method
from models.plan import Plan
from optimizer.feasibility.violation import Violations, equal, same
from optimizer.scenarios.scenario_set import ScenarioSet


def document_violations(
    instance: Instance, scenarios: ScenarioSet, plan: Plan
) -> Violations:
    """Yield where provenance and the list of unmodelled minerals are not the case's."""
    said, where = plan.provenance, "provenance"
    yield from same("instance_id", where, said.instance_id, instance.id)
    yield from same("instance_hash", where, said.instance_hash, instance.content_hash)
    yield from same("seed", where, said.seed, instance.options.seed)
    yield from same("options", where, said.options, instance.options.model_dump())
    yield from _method(instance, plan)
    number = scenarios.number_of_scenarios
    yield from equal("number_of_scenarios", where, said.number_of_scenarios, number)
    file_hash = scenarios.file_hash or None
    yield from same("scenarios_hash", where, said.scenarios_hash, file_hash)
    left_out = [(x.id, x.name, x.reason, x.known_risk) for x in instance.unmodelled]
    noted = [(x.id, x.name, x.reason, x.known_risk) for x in plan.unmodelled]
    yield from same("unmodelled", "document", noted, left_out)


def _method(instance: Instance, plan: Plan) -> Violations:
    """Yield unless the method is the one asked for, or any if it was automatic."""
    asked, found = instance.options.method, plan.provenance.method
    methods = {method.name_in_words for method in Method} - {
        Method.AUTOMATIC.name_in_words
    }
    if asked is not Method.AUTOMATIC:
        methods = {asked.name_in_words}
    if found not in methods:
        expected = " or ".join(sorted(methods))
        yield from same("method", "provenance", found, expected)
