/* Shows moments in the reader's time zone, and beside them how long ago they are. */

const DAY = { day: "numeric", month: "long", year: "numeric" };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
const day = new Intl.DateTimeFormat("en-GB", DAY);
const clock = new Intl.DateTimeFormat("en-GB", CLOCK);
const utcDay = new Intl.DateTimeFormat("en-GB", { ...DAY, timeZone: "UTC" });
const utcClock = new Intl.DateTimeFormat("en-GB", { ...CLOCK, timeZone: "UTC" });
const relative = new Intl.RelativeTimeFormat("en");

const MINUTE = 60_000;
const UNITS = Object.entries({
  year: 365.2425 * 1440, month: (365.2425 / 12) * 1440, week: 10_080, day: 1440, hour: 60, minute: 1,
});

/** `3 hours ago`: whole units, of the greatest that there is one of. Never `last year` or `yesterday`,
    which begin and end with the calendar's. */
function ago(moment, now) {
  const minutes = (moment - now) / MINUTE;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(minutes) >= size) ?? ["minute", 1];
  const count = Math.trunc(minutes / length);
  return count ? relative.format(count, unit) : "just now";
}

/** Rewrite all moments in a part of a page. Where only a day stands, no time is added; and what is a
    day, and no moment, is the same day everywhere. */
export function localize(root, now = Date.now()) {
  for (const time of root.querySelectorAll("time[datetime*=T]")) {
    const moment = Date.parse(time.getAttribute("datetime"));
    if (Number.isNaN(moment)) continue;
    const withClock = time.title ? time.dataset.clock !== undefined : time.textContent.includes(":");
    if (withClock) time.dataset.clock = "";
    time.title = `${utcDay.format(moment)}, ${utcClock.format(moment)}`;
    const text = withClock ? `${day.format(moment)}, ${clock.format(moment)}` : day.format(moment);
    if (time.textContent !== text) time.textContent = text;
    if (!withClock) continue;
    const beside = time.nextElementSibling?.matches(".ago") ? time.nextElementSibling : null;
    if (beside) beside.textContent = ago(moment, now);
    else if (!time.closest(".timeline")) {
      const added = document.createElement("span");
      added.className = "ago";
      added.textContent = ago(moment, now);
      time.after(" ", added);
    }
  }
}

localize(document);
