"""认人：证号、姓名与代表团、最接近的、新建、联名、希望承办单位。"""
import pytest

from suggestions.importing import units
from suggestions.models import Deputy
from tests.suggestions.sheets import book, check, row, said, take
from tests.world import make_unit


def problems(world, *rows, **options):
    return said(check(world, book(*rows), **options).table.problems)


def warnings(world, *rows, **options):
    return said(check(world, book(*rows), **options).table.warnings)


def test_an_unknown_delegation_is_an_error_with_the_nearest(world):
    found = check(world, book(row(delegation="长沙代表圑")), create_deputies=True)
    assert said(found.table.problems) == ["建议!E2 代表团“长沙代表圑”不存在，最接近：长沙代表团"]
    assert [(one.key, one.line, one.value) for one in found.proposals] == [("delegation", 2, "长沙代表团")]


def test_a_delegation_written_by_its_place_is_proposed(world):
    assert check(world, book(row(delegation="株洲市"))).proposals[0].value == "株洲代表团"


def test_delegations_are_never_created(world):
    report = take(world, book(row(delegation="衡阳代表团")), create_deputies=True)
    assert not report.ok and report.created == 0


def test_an_unknown_deputy_is_an_error_with_the_nearest(world):
    assert problems(world, row(deputy="黄岳若若")) == ["建议!C2 代表“黄岳若若”不存在，最接近：黄岳若"]
    assert problems(world, row(deputy="赵钱孙")) == ["建议!C2 代表“赵钱孙”不存在"]


def test_a_deputy_of_another_delegation_is_told_where(world):
    found = check(world, book(row(deputy="刘岚")))
    assert said(found.table.problems) == ["建议!E2 长沙代表团没有“刘岚”，名册里这个姓名在株洲代表团"]
    assert found.proposals[0].value == "株洲代表团"


def test_unknown_deputies_are_created_when_wanted_and_only_those_used(world):
    bad = row(2, deputy="钱坏行", title="")
    good = row(deputy="赵新来", phone="13900000009")
    report = take(world, book(good, bad), create_deputies=True, good_rows_only=True)
    assert report.ok and report.created == 1
    person = Deputy.objects.get(name="赵新来")
    assert (person.delegation.name, person.phone, person.initials) == ("长沙代表团", "13900000009", "zxl")
    assert not Deputy.objects.filter(name="钱坏行").exists()


def test_one_person_on_many_rows_is_created_once(world):
    report = take(world, book(row(1, deputy="赵新来"), row(2, deputy="赵新来")), create_deputies=True)
    assert report.created == 2 and Deputy.objects.filter(name="赵新来").count() == 1


def test_a_new_name_close_to_one_on_the_roster_is_pointed_out(world):
    said_ = warnings(world, row(deputy="黄岳弱"), create_deputies=True)
    assert said_ == ["建议!C2 将新建代表“黄岳弱”，名册里有相近的“黄岳若”，核对是不是同一人"]


def test_the_certificate_decides_and_must_agree_with_the_name(world):
    assert problems(world, row(certificate="HN140001")) == []
    found = check(world, book(row(deputy="贺景", certificate="HN140001")))
    assert said(found.table.problems) == ["建议!C2 代表证号 HN140001 是黄岳若，不是“贺景”"]
    assert found.proposals[0].value == "黄岳若"
    assert problems(world, row(certificate="HN140001", delegation="株洲代表团")) == [
        "建议!E2 黄岳若（HN140001）在长沙代表团，不在株洲代表团"
    ]


def test_an_unknown_certificate_of_a_known_name_is_proposed(world):
    assert problems(world, row(certificate="HN149999")) == [
        "建议!D2 代表证号“HN149999”不在名册，长沙代表团的黄岳若是 HN140001"
    ]


def test_two_of_a_name_in_one_delegation_need_the_certificate(world):
    world.deputy("黄岳若", "HN140009", world.changsha)
    assert problems(world, row()) == ["建议!C2 长沙代表团有 2 位黄岳若（HN140001、HN140009），填写代表证号"]
    assert problems(world, row(certificate="HN140009")) == []


def test_a_name_is_the_same_with_any_interpunct(world):
    world.deputy("阿卜杜拉·买买提", "HN140020", world.changsha)
    assert problems(world, row(deputy="阿卜杜拉・买买提")) == []


def test_someone_no_longer_serving_cannot_raise(world):
    Deputy.objects.filter(pk=world.lead_deputy.pk).update(served_to="2025-12-31")
    assert problems(world, row()) == ["建议!C2 黄岳若在 2026-01-25 不是本级人大代表，核对代表或提交日期"]


# ── 联名 ──
def test_cosigners_count_as_deputies(world):
    assert problems(world, row(cosigners="贺景、贺井")) == ["建议!F2 联名代表“贺井”不在名册，最接近：贺景"]
    assert problems(world, row(cosigners="贺景、欧阳海燕")) == ["建议!F2 联名代表“欧阳海燕”不在名册"]
    created = take(world, book(row(cosigners="贺景、欧阳海燕")), create_deputies=True)
    assert created.ok and Deputy.objects.get(name="欧阳海燕").delegation == world.changsha
    assert "建议!F2 联名代表“欧阳海燕”不在名册，新建在长沙代表团，核对代表团" in said(created.warnings)


def test_cosigners_are_found_in_other_delegations(world):
    entry = check(world, book(row(cosigners="贺景，刘岚"))).entries[0]
    assert [person.pk for person in entry.joint] == [world.cosigner.pk, world.other_deputy.pk]


def test_a_cosigner_of_a_common_name_is_told_apart(world):
    own = world.deputy("刘岚", "HN140031", world.changsha)
    assert check(world, book(row(cosigners="刘岚"))).entries[0].joint[0].pk == own.pk
    world.deputy("王䶮", "HN140032", world.zhuzhou)
    assert problems(world, row(cosigners="王䶮")) == [
        "建议!F2 联名代表“王䶮”有 2 位（株洲代表团），写成 王䶮（代表团）"
    ]
    assert check(world, book(row(cosigners="王䶮（HN140032）"))).entries[0].joint[0].certificate == "HN140032"
    assert check(world, book(row(cosigners="刘岚（株洲代表团）"))).entries[0].joint[0].pk == world.other_deputy.pk


def test_a_later_lead_is_known_to_an_earlier_cosigner(world):
    """先认完领衔再认联名：联名不会重复新建后面才领衔的人。"""
    rows = [row(1, cosigners="赵新来"), row(2, deputy="赵新来", delegation="株洲代表团")]
    take(world, book(*rows), create_deputies=True)
    assert Deputy.objects.get(name="赵新来").delegation == world.zhuzhou


def test_the_lead_among_the_cosigners_is_left_out_with_a_word(world):
    found = check(world, book(row(cosigners="黄岳若、贺景")))
    assert [person.name for person in found.entries[0].joint] == ["贺景"]
    assert said(found.table.warnings) == ["建议!F2 领衔代表黄岳若不再列入联名代表，已略去"]


def test_names_parted_by_spaces_are_parted_when_all_are_known(world):
    entry = check(world, book(row(cosigners="贺景 刘岚"))).entries[0]
    assert [person.name for person in entry.joint] == ["贺景", "刘岚"]


# ── 希望承办单位 ──
def test_an_unknown_wished_unit_is_kept_with_a_warning(world):
    found = check(world, book(row(wished_units="省水利庁、省交通运输厅")))
    assert found.is_clean
    assert said(found.table.warnings) == [
        "建议!L2 希望承办单位“省水利庁”不在承办单位名单里，最接近：省水利厅，先按文字留存"
    ]
    assert found.proposals[0].value == "省水利厅、省交通运输厅"
    assert found.entries[0].wished_units == "省水利庁、省交通运输厅"


def test_names_of_units_come_from_whoever_provides_them(world):
    make_unit(world.congress, "HN-KJT", "湖南省科学技术厅", "省科技厅")
    assert "湖南省科学技术厅" in units.names(world.congress.pk)
    assert warnings(world, row(wished_units="省科技厅，湖南省水利厅")) == []


def test_without_a_provider_no_unit_is_doubted(world, monkeypatch):
    monkeypatch.setattr(units, "_providers", [])
    assert warnings(world, row(wished_units="随便什么")) == []
    units.provide(list_nothing)
    assert len(warnings(world, row(wished_units="随便什么"))) == 1
    units.withdraw(list_nothing)


def list_nothing(congress_id: int) -> list[str]:
    return []


@pytest.mark.parametrize("name", ["𠮷野家保", "𪚥龙", "扎西 多吉"])
def test_rare_names_are_kept_whole(world, name):
    take(world, book(row(deputy=name)), create_deputies=True)
    assert Deputy.objects.get(name=name).name == name
