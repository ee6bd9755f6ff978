"""strongroom value-rights: what rights are worth to a participant, by quantity."""

import json

from tests.service.cli.conftest import Files, strongroom

FEW = ("--scenarios", "20", "--executor", "here")


def test_the_menu_is_a_page(files: Files) -> None:
    """Quantities, what each is worth, the best of them, and the terms."""
    result = strongroom("value-rights", files[0], "maker", *FEW)
    assert result.exit_code == 0
    for text in (
        "maker-gallium: Gallium, a lot is",
        "on 20 fresh scenarios, seed 2",
        "highest net benefit",
        "Chance of a gap",
        "must be taken, $510,000 a tonne",
    ):
        assert text in result.output


def test_the_json_is_one_object(files: Files) -> None:
    """With the quantities asked for, and those that cannot be bought."""
    words = ("--lots", "2", "--lots", "1", "--seed", "5", "--json")
    answer = json.loads(
        strongroom("value-rights", files[0], "maker", *FEW, *words).output
    )
    (menu,) = answer["rights"]
    assert (answer["participant"], answer["seed"]) == ("maker", 5)
    bought = [x["lots"] for x in menu["quantities"]]
    assert sorted([*bought, *menu["lots_not_available"]]) == [1, 2]
    assert answer["warnings"] == []


def test_mistakes_name_the_options(files: Files) -> None:
    """An unknown participant learns no other."""
    result = strongroom("value-rights", files[0], "maker", "--lots", "0")
    assert result.exit_code == 2
    assert "--lots" in result.output
    unknown = strongroom("value-rights", files[0], "toyota", "--json")
    (mistake,) = json.loads(unknown.output)["mistakes"]
    assert (mistake["path"], mistake["value"]) == ("NAME", "toyota")
    assert "maker" not in mistake["message"]
