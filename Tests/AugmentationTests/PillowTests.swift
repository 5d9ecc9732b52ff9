import Augmentation
import Tensors
import Testing

/// What Pillow 13.0.0 gave (`Fixtures/make_pillow.py`) on three pictures, ramps that saturate and noise among them.
@Suite struct PillowTests {
    static let cases: [(name: String, picture: [UInt8], own: UInt32, transforms: [UInt32], wide: [UInt32], chains: UInt32)] = [
        ("base", Pictures.base, 0x4a63_18b8,
         [0x3aea_73fa, 0xd9e4_a10e, 0xf794_04ac, 0x9b39_279c, 0x6176_25ed, 0x1306_0ae3, 0x9000_e9ea, 0xfa31_cd62, 0x5870_00b3, 0x1b67_3afa, 0x34a7_613b, 0xb8e8_a2c4, 0x942b_05da, 0xf182_7c89],
         [0x7465_58c1, 0xbc05_5050, 0x4d61_56b7, 0xb894_e734, 0x5824_5b9c], 0x46bb_8d08),
        ("ramps", Pictures.ramps, 0x5ffd_5387,
         [0xb7b5_768e, 0x51e9_0c1f, 0x0cfd_90bc, 0x6a77_b5cb, 0x3444_95de, 0x5ffd_5387, 0x859e_a2d5, 0xa222_1af6, 0x30da_0ddf, 0x9512_4d7e, 0x7a02_456b, 0x124d_3849, 0x68ad_3839, 0xc41f_1b2b],
         [0x5329_b8b7, 0xc24e_a0f9, 0x025d_0467, 0xf186_9574, 0x3d04_3695], 0x82f2_a911),
        ("noise", Pictures.noise, 0x50e2_11da,
         [0x3004_0f13, 0xd7f2_52c0, 0x066d_9e39, 0xcec5_ea7c, 0xb240_7dbc, 0x50e2_11da, 0x8a81_e088, 0xd837_8b7f, 0x159f_da17, 0x552d_a5c2, 0xbebc_e080, 0xb329_f005, 0xa404_862b, 0x3bd4_0c41],
         [0xb235_44a4, 0x7401_2591, 0xce13_8402, 0x8021_2535, 0x1132_a03c], 0x302e_050c),
    ]

    private func operation(_ index: Int) -> PixelOperation {
        var random = RandomSource(seed: 0)
        return PolicyOperation.all[index].drawn(width: 32, height: 32, &random)
    }

    @Test(arguments: cases.indices) func `every operation without a draw gives Pillow's bytes`(_ number: Int) {
        let fixture = Self.cases[number]
        #expect(crc(fixture.picture) == fixture.own)
        for (transform, expected) in zip(PixelTransform.allCases.dropFirst(), fixture.transforms) {
            let found = PolicyOperation.all.indices.filter { PolicyOperation.all[$0].transform == transform }.reduce(UInt32(0)) { crc(Pictures.changed(fixture.picture, operation($1)), $0) }
            #expect(found == expected, "\(transform.rawValue)")
        }
    }

    @Test(arguments: cases.indices) func `the wider ranges of the baselines give Pillow's bytes`(_ number: Int) {
        let fixture = Self.cases[number]
        func checksum(_ operations: [PixelOperation]) -> UInt32 { operations.reduce(0) { crc(Pictures.changed(fixture.picture, $1), $0) } }
        let found = [
            checksum(stride(from: -135.0, through: 135, by: 15).map { .rotate($0) }),
            checksum([-0.99, -0.66, -0.033, 0.033, 0.66, 0.99].flatMap { [.shearX($0), .shearY($0)] }),
            checksum([-32.0, -7, -1, 1, 7, 32].flatMap { [.translateX($0), .translateY($0)] }),
            checksum([2, 3, 4, 8].map { .posterize($0) }),
            checksum([0.01, 0.5, 1, 1.5, 2].flatMap { [.contrast($0), .color($0), .brightness($0), .sharpness($0)] }),
        ]
        #expect(found == fixture.wide)
    }

    @Test(arguments: cases.indices) func `two operations in turn give Pillow's bytes`(_ number: Int) {
        let fixture = Self.cases[number]
        var running: UInt32 = 0
        for first in stride(from: 0, to: 135, by: 7) {
            running = crc(Pictures.changed(fixture.picture, operation(1 + first), operation(1 + (5 * first + 3) % 135)), running)
        }
        #expect(running == fixture.chains)
    }
}
