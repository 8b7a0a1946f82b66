"""Spreadsheets in and out: whose they are, and that none tells of what is a colleague's."""

from tests.access.counted import EXPORT, IMPORT, PREVIEW
from tests.access.house import NOBODY, TELEGRAM, Kind, Who, phone, stem
from tests.access.sheeted import EXPORTS, IMPORTERS, TABLE, may, planted, probing
from tests.access.sights import ACTIVE, Sight, sight
from tests.access.watch import Watch
from views.exports import StartExport
from views.import_choices import StartImport, UndoImport
from views.owners import Assign


async def test_presses_on_imports(watch: Watch) -> None:
    house = watch.house
    for row in TABLE:
        ids = {importer: planted(house, importer) for importer in IMPORTERS}
        missing = {who: watch.signed(who, row.build(NOBODY, 1)) for who in Who}
        nothing = await watch.press_at_once(missing)
        for importer, import_id in ids.items():
            outside = [who for who in Who if not may(row, importer, who)]
            payload = row.build(import_id, 1)
            heard = await watch.press_at_once({who: watch.signed(who, payload) for who in outside})
            for who in outside:
                cell = watch.note(IMPORT, who, row.action, importer)
                assert watch.refused(heard[who], who), (cell, heard[who])
                assert [h.text for h in heard[who] if h.text] == [h.text for h in nothing[who] if h.text], cell
        for importer, import_id in ids.items():
            who = importer or Who.ADMIN
            if may(row, importer, who):
                watch.note(IMPORT, who, row.action, importer)
                answer = await watch.press(who, row.build(import_id, 1))
                assert not watch.refused(answer, who) or row.action in ("undo", "ask to undo"), (row.action, answer)
    watch.complete(IMPORT)


async def test_exports_hold_the_own_customers_and_no_others(watch: Watch) -> None:
    for who, kind in EXPORTS:
        watch.note(EXPORT, who, kind)
        heard = await watch.press(who, StartExport(kind))
        files = [one.words for one in heard if one.to == TELEGRAM[who] and one.method == "sendDocument"]
        assert len(files) == (1 if who in ACTIVE else 0), (who, heard)
        for record in Kind if files else ():
            held = f"Qz{record}hnote" in files[0] and phone(record, list(Kind).index(record) + 1) in files[0]
            assert held == (sight(record, who) is Sight.FULL), (who, record, kind)
    watch.complete(EXPORT)


async def test_an_import_tells_nothing_of_colleagues_customers(watch: Watch) -> None:
    """Neither the preview, nor its rows, nor what comes back; and nobody's customer is written to."""
    house, before = watch.house, watch.house.holdings()
    for who in Who:
        watch.note(PREVIEW, who)
        heard = await watch.share(who, "列表.csv", probing(house))
        shown = [one for one in heard if one.to == TELEGRAM[who] and "列表" in one.words]
        assert bool(shown) == (who in ACTIVE), (who, heard)
    assert watch.house.holdings() == before
    await watch.press(Who.FAR, StartImport(newest_import(watch), 1))
    watch.complete(PREVIEW)


async def test_our_own_ids_are_no_way_to_ask_who_is_there(watch: Watch) -> None:
    """A number that our export wrote finds a customer only where the reader could find it without."""
    foreign = watch.house.records[Kind.RIGEL].customer
    asked = "客户名称,类型,客源编号\n琟参,个人,K{}\n"
    told = [await watch.share(Who.FAR, "甲.csv", asked.format(number)) for number in (foreign, NOBODY)]
    said = [[one.text for one in heard if one.method.startswith(("send", "edit"))][-1] for heard in told]
    assert said[0] == said[1]


def newest_import(watch: Watch) -> int:
    with watch.house.database.transaction(watch.house.now) as uow:
        return int(uow.connection.exec_driver_sql("SELECT max(id) FROM sheet_import").scalar_one())


async def test_an_undone_import_leaves_alone_what_was_handed_on(watch: Watch) -> None:
    """Who takes an import back neither changes nor reads customers that are a colleague's by now."""
    house, deneb = watch.house, watch.house.records[Kind.DENEB]
    known = f"琟{stem(Kind.DENEB)},公司,K{deneb.customer},新来源"
    await watch.share(Who.FAR, "乙.csv", f"客户名称,类型,客源编号,来源\n新店甲,公司,,甲\n{known}\n")
    import_id = newest_import(watch)
    await watch.press(Who.FAR, StartImport(import_id, house.version("sheet_import", import_id)))
    handed = [newest_customer(watch), deneb.customer]
    with watch.given(frozenset({Who.OWNER}), Kind.DENEB):
        for key in handed:
            assign = Assign(key, house.members[Who.OWNER], house.version("customer", key))
            assert not watch.refused(await watch.press(Who.ADMIN, assign), Who.ADMIN)
    with house.database.transaction(house.now) as uow:
        owner = house.actor(uow, Who.OWNER)
        for key in handed:
            uow.act(owner, "customer.changed", customer_id=key)
            uow.customers(owner).change(key, {"name": f"Qzvegahrenamed{key}"})
    before = house.holdings()["customer"]
    heard = await watch.press(Who.FAR, UndoImport(import_id, house.version("sheet_import", import_id)))
    assert any("撤销" in one.text for one in heard), heard
    assert house.holdings()["customer"] == before
    assert watch.leaks == []


def newest_customer(watch: Watch) -> int:
    with watch.house.database.transaction(watch.house.now) as uow:
        return int(uow.connection.exec_driver_sql("SELECT max(id) FROM customer").scalar_one())
