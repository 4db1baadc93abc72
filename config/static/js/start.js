// Before the page is drawn: where GOV.UK's scripts will run, its parts show their scripted form at once.
if ("noModule" in HTMLScriptElement.prototype) document.documentElement.classList.add("govuk-frontend-supported");
