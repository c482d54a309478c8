import { engineRule } from '../../engine-rule.js';

export const tpNeedsFastLink = engineRule('tp-needs-fast-link', 'A wide tensor group exchanges every layer over PCIe.');
