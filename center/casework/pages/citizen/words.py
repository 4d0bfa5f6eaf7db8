"""The words of the citizen's pages for what services and cases call by short names."""

from __future__ import annotations

from center.web.languages import N_

APPLICANTS = {
    "person": N_("A person, for themselves"),
    "representative": N_("A representative of a person"),
    "firm": N_("A firm"),
}
CHANNELS = {
    "window": N_("at a window of the centre"),
    "home": N_("begun from home, finished at a window"),
    "mobile": N_("at a mobile centre"),
}
HOLDERS = {
    "applicant": N_("you"),
    "outside": N_("state register"),
    "operator": N_("operator at the window"),
    "police_inspector": N_("police inspector"),
    "document_issuer": N_("issuer of documents"),
    "theory_invigilator": N_("theory invigilator"),
    "examiner": N_("examiner"),
    "safety_officer": N_("safety officer"),
    "supervisor": N_("supervisor"),
}
COMPLAINTS = {
    "delay": N_("It takes too long"),
    "refusal": N_("A refusal"),
    "courtesy": N_("How I was treated"),
    "data": N_("My data"),
    "fee": N_("A fee"),
    "other": N_("Something else"),
}
OUTCOMES = {
    "upheld": N_("You were right"),
    "partly": N_("You were right in part"),
    "rejected": N_("The complaint was rejected"),
}
ASPECTS = {
    "availability": N_("How easy it was to get the service"),
    "quality": N_("How well it was done"),
    "timeliness": N_("Whether it was in time"),
    "courtesy": N_("How polite the staff was"),
    "appeals": N_("How complaints are dealt with"),
    "electronic_form": N_("The electronic form"),
}
