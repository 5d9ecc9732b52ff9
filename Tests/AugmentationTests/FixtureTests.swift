import Augmentation
import Tensors
import Testing

/// The sheet's pixel fixtures (section 8), to the byte.
@Suite struct FixtureTests {
    private func operation(_ transform: PixelTransform, _ magnitude: Int) -> PixelOperation {
        var random = RandomSource(seed: 0)
        return PolicyOperation(transform, magnitude).drawn(width: 32, height: 32, &random)
    }

    @Test func `the base picture is the sheet's`() {
        #expect(crc(Pictures.base) == 0x4a63_18b8 && sum(Pictures.base) == 371_560 && Pictures.pixel(Pictures.base) == [43, 96, 149])
    }

    @Test(arguments: [
        (PixelTransform.shearX, 0x3aea_73fa as UInt32, 4_077_807), (.shearY, 0xd9e4_a10e, 4_078_027), (.translateX, 0xf794_04ac, 3_302_920), (.translateY, 0x9b39_279c, 3_302_720),
        (.rotate, 0x6176_25ed, 3_997_470), (.solarize, 0x5870_00b3, 3_737_932), (.autoContrast, 0x1306_0ae3, 395_866), (.equalize, 0xfa31_cd62, 454_810), (.posterize, 0x1b67_3afa, 4_340_184),
        (.contrast, 0x34a7_613b, 4_461_032), (.color, 0xb8e8_a2c4, 4_466_361), (.brightness, 0x942b_05da, 4_179_284), (.sharpness, 0xf182_7c89, 4_455_406), (.invert, 0x9000_e9ea, 411_800),
        (.identity, 0x4a63_18b8, 371_560),
    ])
    func `all magnitudes of a transform give Pillow's bytes`(transform: PixelTransform, checksum: UInt32, total: Int) {
        var running: UInt32 = 0, all = 0
        for magnitude in transform.magnitudes {
            let result = Pictures.changed(Pictures.base, operation(transform, magnitude))
            running = crc(result, running)
            all += sum(result)
        }
        #expect(running == checksum && all == total)
    }

    @Test func `the mirrored picture`() {
        let result = Pictures.changed(Pictures.base, .mirror)
        #expect(crc(result) == 0x904d_ba8f && sum(result) == 371_560)
    }

    @Test(arguments: [
        (PixelTransform.shearX, 9, 0x3ca3_8923 as UInt32, [137, 190, 43] as [UInt8]), (.translateX, 0, 0x1be7_e4ff, [0, 0, 0]), (.translateX, 9, 0x2d6d_5512, [101, 154, 207]),
        (.rotate, 0, 0x89b8_69ed, [83, 136, 189]), (.rotate, 8, 0x662f_bb39, [219, 72, 125]), (.solarize, 5, 0x5813_e4e0, [43, 96, 106]), (.posterize, 0, 0x00db_237e, [32, 96, 144]),
        (.contrast, 0, 0xbac5_6c95, [112, 117, 122]), (.color, 9, 0x6756_56ef, [23, 100, 177]), (.brightness, 2, 0xc28d_4528, [17, 38, 59]), (.sharpness, 12, 0x0e34_633d, [0, 82, 162]),
    ])
    func `single magnitudes`(transform: PixelTransform, magnitude: Int, checksum: UInt32, pixel: [UInt8]) {
        let result = Pictures.changed(Pictures.base, operation(transform, magnitude))
        #expect(crc(result) == checksum && Pictures.pixel(result) == pixel)
    }

    @Test func `Cutout and Crop at given places`() {
        for (x, y, filled, checksum, total) in [(16.3, 10.2, 289, 0x22e4_0567 as UInt32, 369_825), (2.5, 30.9, 110, 0x65e7_9979, 372_000)] {
            let operation = PolicyOperation.cutout(x: x, y: y, width: 32, height: 32), result = Pictures.changed(Pictures.base, operation)
            #expect(crc(result) == checksum && sum(result) == total)
            // Of a picture without that colour so many pixels have it.
            let marked = Pictures.changed([UInt8](repeating: 0, count: 3072), operation)
            #expect(stride(from: 0, to: 3072, by: 3).count { marked[$0] == 125 && marked[$0 + 1] == 123 && marked[$0 + 2] == 114 } == filled)
        }
        for (top, left, checksum, total) in [(0, 0, 0xd68f_1c5c as UInt32, 372_436), (8, 3, 0x84bc_9a11, 372_564)] {
            let result = Pictures.changed(Pictures.base, .window(x: left - 4, y: top - 4, .mean))
            #expect(crc(result) == checksum && sum(result) == total)
        }
    }

    @Test func `4 x 4 pictures, by hand`() {
        let picture = (0..<16).flatMap { Array(repeating: UInt8(5 + 10 * $0), count: 3) }
        func grey(_ operation: PixelOperation) -> [UInt8] {
            let result = Pictures.changed(picture, operation, width: 4, height: 4)
            return stride(from: 0, to: 48, by: 3).map { result[$0] }
        }
        #expect(grey(.shearX(0.3)) == [5, 15, 25, 35, 45, 55, 65, 75, 95, 105, 115, 0, 135, 145, 155, 0])
        #expect(grey(.translateX(-0.45 * 4)) == [0, 0, 5, 15, 0, 0, 45, 55, 0, 0, 85, 95, 0, 0, 125, 135])
        #expect(grey(.rotate(30)) == [0, 25, 35, 0, 5, 55, 65, 115, 45, 95, 105, 155, 0, 125, 135, 0])
        #expect(grey(.solarize(64))[4..<8] == [45, 55, 190, 180] && grey(.solarize(64))[12...] == [130, 120, 110, 100])
        #expect(grey(.posterize(5))[..<4] == [0, 8, 24, 32])
        #expect(grey(.contrast(0.1)) == (72...87).map { $0 })
        #expect(grey(.brightness(1.9))[..<4] == [9, 28, 47, 66] && grey(.brightness(1.9))[12...] == [237, 255, 255, 255])
        #expect(grey(.autoContrast) == (0..<16).map { UInt8(17 * $0) })
        #expect(grey(.equalize) == stride(from: 5, through: 155, by: 10).map { $0 })
    }

    @Test func `139 operations in the order of the policies`() {
        #expect(PolicyOperation.all.count == 139 && Set(PolicyOperation.all).count == 139)
        #expect(PolicyOperation.index(.identity, 6) == 0 && PolicyOperation.index(.rotate, 0) == 49 && PolicyOperation.index(.crop, 6) == 138)
        #expect(PolicyOperation.index(.rotate, 6) == nil && PolicyOperation.index(.solarize, 12) == nil)
    }
}
