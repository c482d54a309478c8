import { describe, expect, it } from 'vitest';
import { meetsSelector, type SelectableDevice } from './device.js';

const device: SelectableDevice = {
  driver: 'gpu.nvidia.com',
  attributes: {
    'gpu.nvidia.com/type': 'gpu',
    'gpu.nvidia.com/productName': 'NVIDIA H100 80GB HBM3',
    'gpu.nvidia.com/index': 3,
    'gpu.nvidia.com/driverVersion': { version: '570.86.15' },
    'resource.kubernetes.io/pcieRoot': 'pci0000:01',
    'gpu.nvidia.com/healthy': true,
  },
  capacity: { 'gpu.nvidia.com/memory': 81559 * 2 ** 20 },
};

describe('selectors of devices', () => {
  it.each<[string, boolean | undefined]>([
    ["device.driver == 'gpu.nvidia.com'", true],
    ['device.driver == "gpu.amd.com"', false],
    ["device.attributes['gpu.nvidia.com'].type == 'gpu'", true],
    ['device.attributes["gpu.nvidia.com"].productName.matches("^NVIDIA (H100|H200)")', true],
    ["device.attributes['gpu.nvidia.com'].productName.lowerAscii().contains('a100')", false],
    ["device.attributes['gpu.nvidia.com'].index in [0, 1]", false],
    ["device.attributes['gpu.nvidia.com'].index >= 2", true],
    ["device.attributes['gpu.nvidia.com'].healthy", true],
    ["device.attributes['resource.kubernetes.io'].pcieRoot == 'pci0000:01'", true],
    ["device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('40Gi')) >= 0", true],
    ["device.capacity['gpu.nvidia.com'].memory.isGreaterThan(quantity('80Gi'))", false],
    ["device.attributes['gpu.nvidia.com'].driverVersion.isGreaterThan(semver('550.0.0'))", true],
    ["device.attributes['gpu.nvidia.com'].driverVersion.compareTo(semver('570.86.16')) >= 0", false],
    ["semver('1.2.3-rc.1').isLessThan(semver('1.2.3'))", true],
    // A domain that the device does not have is empty; an attribute that it does not have is an error.
    ["has(device.attributes['example.com'].fast) && device.attributes['example.com'].fast", false],
    ["device.attributes['example.com'].fast", undefined],
    ['device.attributes[', undefined],
    ["'a word'", undefined],
  ])('%s: %s', (expression, expected) => {
    expect(meetsSelector(expression, device)).toBe(expected);
  });
});
