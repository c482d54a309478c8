import { engineRule } from '../../engine-rule.js';

export const utilLeavesRoomForCudagraphs = engineRule(
  'util-leaves-room-for-cudagraphs',
  'CUDA graphs find no room outside the share of memory that the engine takes.',
);
