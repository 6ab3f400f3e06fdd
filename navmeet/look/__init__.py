"""Nav's look in plain HTML: Aksel's classes for components, ours (nm-) for arrangement, no inline style, no CDN.

The tags are known in every template. A page extends base_staff.html or base_citizen.html and fills the blocks title,
main and, if it has scripts, scripts. `python -m tests.look.living 8090` shows everything at work.

Tags: field, error_summary, button, alert, tag, icon, when, zone. Filters: day, short_day, weekday, after_weekday,
clock, span, hours, when, born; for machines instant, week. Not Django's own date, which knows no weekday.
Arrangement: nm-stack (--tight, --loose), nm-row (--apart, --end), nm-two-columns (--even), nm-card (--accent,
--warning), nm-narrow, nm-actions, nm-plain-list, nm-table-scroll, nm-form, nm-fields (short fields side by side).
Content: nm-title (nm-title__row), nm-back, nm-lead, nm-subtle, nm-small, nm-pre, nm-when (nm-when__day,
nm-when__time), nm-facts (a dl of div, dt, dd), nm-week (include components/week.html with days).
Scripts: forms.js stands in the base page; autosave.js is for a form with data-autosave.
"""
