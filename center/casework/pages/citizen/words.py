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
