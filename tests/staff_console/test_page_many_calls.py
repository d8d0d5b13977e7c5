"""Many calls in one page, one after the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.netlab.lean import console_end

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium, pytest.mark.timeout(240)]

#: More than Chromium lets a page have at a time; it counts those that are closed until it has tidied up.
_CALLS = 600

CALLS = """async calls => {
  const told = { state() {}, candidate() {}, track() {} };
  const settings = { ice: [], relayOnly: false, startKbps: 900, maxKbps: 2500, audioKbps: 48 };
  for (let call = 0; call < calls; call++) {
    consoleEnd.create(settings, told).close();
    await new Promise((done) => setTimeout(done, 2));
  }
  return calls;
}"""


async def test_a_page_that_is_not_reloaded_can_still_be_called_after_hundreds_of_calls(
    browser: Browser, tmp_path: Path
) -> None:
    page = await browser.new_page()
    await page.add_script_tag(path=console_end(tmp_path))
    assert await page.evaluate(CALLS, _CALLS) == _CALLS
    await page.close()
