import { judge } from '../src/capacity/index.js';
import { loadHighs } from '../src/io/highs.js';
import { planted } from './planted.js';

const base = await loadHighs();
const cols = 0,
  rows = 0,
  int = false,
  bad = '';
const solver = {
  open(p: any) {
    const c = p.columns.length,
      r = p.rows.length,
      i = p.columns.some((x: any) => x.integer);
    const s = base.open(p);
    let k = 0;
    return {
      ...s,
      solve(b: number) {
        k++;
        const t = performance.now();
        const res = s.solve(b);
        if (res.status === 'error') console.log('ERROR', { c, r, i, k, b }, (performance.now() - t) | 0, 'ms');
        return res;
      },
    };
  },
};
for (let seed = Number(process.argv[2]); seed < Number(process.argv[3]); seed++) {
  const p = planted({ seed, nodes: 1000, workloads: 60, use: 95, tight: true });
  const t = performance.now();
  const v = judge(p.nodes, p.workloads, p.scenario, { solver, order: false });
  if (v.status === 'unknown' || performance.now() - t > 1500)
    console.log(seed, v.status, v.decidedBy, v.message.slice(-120), (performance.now() - t) | 0);
  await new Promise((r) => setImmediate(r));
}
