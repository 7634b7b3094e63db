/*
 * The report's style sheet. Used by digits_report.c. The hues are those of Okabe and Ito (2008), which people
 * with any kind of colour vision can tell apart, darkened for a light page and lightened for a dark one; what
 * saturates is dashed, what is linear above 0 is solid.
 */
#include "digits_style.h"

const char report_style[] =
    ":root{color-scheme:light dark;--page:#fdfdfc;--text:#1c2024;--soft:#596068;--rule:#d9dde1;--tint:#f1f3f5;"
    "--wrong:#b42318;--sigmoid:#0067a5;--tanh:#00805c;--softsign:#7d8590;--relu:#c44500;--leaky_relu:#2a93d5;"
    "--prelu:#7a4fc0;--rrelu:#b07d00;--elu:#c2519c;--maxout:#1c2024}\n"
    "@media(prefers-color-scheme:dark){:root{--page:#15181c;--text:#e8ebee;--soft:#a0a8b0;--rule:#343a41;"
    "--tint:#1f242a;--wrong:#ff9187;--sigmoid:#4d9fe0;--tanh:#2fc497;--softsign:#98a1ab;--relu:#ff7f41;"
    "--leaky_relu:#8fd3ff;--prelu:#b697f0;--rrelu:#f0bd48;--elu:#f092cc;--maxout:#f4f6f8}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;padding:2.5rem 1.25rem 4rem;max-width:54rem;background:var(--page);color:var(--text);"
    "font:16px/1.55 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",\"DejaVu Sans\",sans-serif}\n"
    "h1{font-size:1.9rem;line-height:1.2;margin:0 0 .75rem}\n"
    "h2{font-size:1.3rem;margin:2.75rem 0 .5rem}\n"
    "p{margin:.6rem 0;max-width:46rem}.lead{font-size:1.1rem}\n"
    "code{font-size:.92em}sup{line-height:0;font-size:.75em}.soft,.note,figcaption{color:var(--soft)}\n"
    ".wide{overflow-x:auto;margin:1rem 0 .5rem}\n"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}\n"
    ".note{font-size:.9rem;max-width:none}\n"
    "th,td{padding:.32rem .6rem;text-align:right;border-bottom:1px solid var(--rule);white-space:nowrap}\n"
    "th:first-child,td:first-child{text-align:left;padding-left:.2rem}\n"
    "thead th{font-weight:600;color:var(--soft);vertical-align:bottom;white-space:normal}\n"
    "tbody th{font-weight:500}tr.best td,tr.best th{background:var(--tint);font-weight:700}\n"
    ".key{display:inline-block;width:1.4rem;height:.6rem;margin-right:.5rem;vertical-align:middle}\n"
    "svg.plot{display:block;width:100%;min-width:40rem;height:auto}\n"
    "svg text{fill:var(--text);font-size:14px}svg text.value{fill:var(--soft);font-variant-numeric:tabular-nums}\n"
    "text.end{text-anchor:end}text.middle{text-anchor:middle}\n"
    ".grid{stroke:var(--rule);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1}\n"
    ".line{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:butt}\n"
    ".sigmoid{stroke:var(--sigmoid)}.tanh{stroke:var(--tanh)}.softsign{stroke:var(--softsign)}\n"
    ".relu{stroke:var(--relu)}.leaky_relu{stroke:var(--leaky_relu)}.prelu{stroke:var(--prelu)}\n"
    ".rrelu{stroke:var(--rrelu)}.elu{stroke:var(--elu)}.maxout{stroke:var(--maxout)}\n"
    ".dash{stroke-dasharray:7 4}.dot{stroke-dasharray:2 3}\n"
    ".digits{display:flex;flex-wrap:wrap;gap:.9rem;margin:1rem 0}\n"
    ".digits figure{margin:0;text-align:center}figcaption{font-size:.9rem}\n"
    ".digits svg{display:block;width:4.2rem;height:4.2rem;border:1px solid var(--rule);fill:var(--text)}\n"
    ".wrong figcaption{color:var(--wrong);font-weight:600}.wrong svg{border:2px solid var(--wrong)}\n"
    "dt{font-weight:600;margin-top:.6rem}dd{margin:0}\n"
    "@media print{body{max-width:none}h2{break-after:avoid}figure,table,svg{break-inside:avoid}}\n";
