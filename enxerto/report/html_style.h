#pragma once
#include <string_view>

namespace enxerto {

/// The look of the report, for light and dark screens and for paper.
inline constexpr std::string_view kHtmlStyle = R"css(
:root{--page:#f6f7f9;--card:#fff;--ink:#1a2230;--soft:#5b6676;--line:#e2e6ec;--hit:#2468c9;--miss:#d2602a;--good:#1d7f56;--warn:#fff4e0;--warn-line:#e0a43a;--on:#fff;color-scheme:light dark}
@media(prefers-color-scheme:dark){:root{--page:#12161d;--card:#1a2029;--ink:#e6eaf0;--soft:#98a4b5;--line:#2c3542;--hit:#5b9bf3;--miss:#ef8450;--good:#4cc38a;--warn:#33291a;--warn-line:#a87a2a;--on:#0b1017}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:1040px;margin:0 auto;padding:36px 20px 60px}
h1{font-size:26px;line-height:1.25;margin:0;overflow-wrap:anywhere}
h2{font-size:17px;margin:0 0 4px}
p{margin:4px 0 12px}
.soft{color:var(--soft)}
header{margin-bottom:22px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:20px 22px;margin:0 0 18px}
.headline{display:flex;flex-wrap:wrap;gap:22px 44px;align-items:center}
.big{font-size:54px;font-weight:650;line-height:1.05;letter-spacing:-.02em}
.second{font-size:30px;font-weight:600;line-height:1.1}
.range{position:relative;height:8px;width:260px;border-radius:4px;background:var(--line);margin:10px 0 6px}
.range i{position:absolute;top:0;bottom:0;min-width:3px;background:var(--hit);opacity:.45;border-radius:4px}
.range b{position:absolute;top:-3px;width:3px;height:14px;margin-left:-1px;background:var(--hit);border-radius:2px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(118px,1fr));gap:10px;flex:1;min-width:280px}
.tile{border:1px solid var(--line);border-radius:8px;padding:9px 12px}
.tile b{display:block;font-size:19px;font-weight:600}
.tile span{color:var(--soft);font-size:13px}
.warning{background:var(--warn);border:1px solid var(--warn-line);border-radius:8px;padding:9px 14px;margin:0 0 12px;overflow-wrap:anywhere}
.advice{border:1px solid var(--good);border-radius:8px;padding:9px 14px;margin:0 0 12px;overflow-wrap:anywhere}
.scroll{overflow:auto;max-height:560px}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;color:var(--soft);font-weight:500;font-size:13px}
th,td{padding:5px 12px 5px 0;border-bottom:1px solid var(--line);vertical-align:middle}
tr:last-child td{border-bottom:0}
.scroll thead th{position:sticky;top:0;background:var(--card)}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.name{max-width:320px;overflow-wrap:break-word}
.track{display:block;height:9px;border-radius:4px;background:var(--line);overflow:hidden;min-width:24px}
.track i{display:block;height:100%;background:var(--hit);border-radius:4px}
.share{display:grid;grid-template-columns:minmax(24px,1fr) 58px;gap:8px;align-items:center;min-width:90px}
.bars{display:grid;grid-template-columns:max-content minmax(80px,1fr) max-content;gap:7px 14px;align-items:center}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:5px 22px;margin:8px 0 0}
.facts dt{color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--ink);font-family:inherit}
.chart{max-width:520px}
.chart .name{font-size:13px;font-weight:600}
.tick{font-size:11px}
svg .tick{fill:var(--soft)}
.grid{stroke:var(--line);stroke-width:1}
.curve{fill:none;stroke:var(--hit);stroke-width:2;stroke-linejoin:round}
.dot{fill:var(--card);stroke:var(--hit);stroke-width:2}
.curve.validation{stroke:var(--miss)}
.dot.validation{stroke:var(--miss)}
.kept{stroke:var(--good);stroke-width:2;stroke-dasharray:4 4}
h3{font-size:15px;margin:14px 0 4px}
.equal{fill:var(--miss);stroke:var(--card);stroke-width:2}
.chosen{fill:var(--good);stroke:var(--card);stroke-width:2}
.heat{margin:0 auto}
.field{fill:none;stroke:var(--line)}
.hit{fill:var(--hit)}
.miss{fill:var(--miss)}
svg .count{fill:var(--ink);pointer-events:none;font-variant-numeric:tabular-nums}
svg .count.on{fill:var(--on)}
.key{display:inline-block;width:11px;height:11px;border-radius:3px;margin:0 5px 0 12px;vertical-align:-1px}
details pre{overflow:auto;background:var(--page);border-radius:8px;padding:12px 14px;font-size:13px}
summary{cursor:pointer;font-weight:600}
footer{color:var(--soft);font-size:13px;text-align:center}
.scroll td:first-child{min-width:8em}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(118px,1fr));gap:14px}
.texts{display:grid;gap:16px}
.said{margin:0 0 4px;overflow-wrap:anywhere}
figure{margin:0;font-size:13px;line-height:1.35}
figure img{width:100%;max-width:150px;aspect-ratio:1;object-fit:contain;border-radius:6px;display:block;margin-bottom:5px}
figcaption{overflow-wrap:break-word}
figcaption .id{overflow-wrap:anywhere;font-size:11px}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(320px,100%),1fr));gap:18px}
.pairs{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(460px,100%),1fr));gap:18px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:4px}
.pair img{max-width:none;aspect-ratio:auto}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13px}
.legend .key{margin-left:0;border:1px solid var(--line)}
.strip{display:flex;flex-wrap:wrap;gap:6px}
.strip img{width:84px;height:84px;border-radius:6px}
code{overflow-wrap:anywhere}
.whole{white-space:nowrap}
@media(max-width:600px){main{padding:20px 10px 40px}section{padding:14px}.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:7px}.pair{grid-template-columns:1fr}.big{font-size:42px}.range{width:100%}.bars{grid-template-columns:1fr max-content}.bars .track{grid-column:1/-1;order:1}.share{display:block;min-width:0}.share .track{display:none}.rows,.rows tbody{display:block}.rows thead{display:none}.rows tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(88px,1fr));gap:2px 10px;padding:7px 0;border-bottom:1px solid var(--line)}.rows td{display:block;border:0;padding:0;text-align:left}.rows td:first-child{grid-column:1/-1;font-weight:600}.rows td:not(:first-child)::before{content:attr(data-of);display:block;color:var(--soft);font-size:11px}.rows .share,.rows .num{text-align:left;white-space:normal}.rows td:first-child .soft{font-weight:400}.scroll{max-height:none}.tiles{min-width:100%}}
@media print{body{background:#fff}section{break-inside:avoid}.scroll{max-height:none}}
)css";

}  // namespace enxerto
