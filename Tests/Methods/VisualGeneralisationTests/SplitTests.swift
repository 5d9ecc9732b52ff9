import Datasets
import Testing
import VisualGeneralisation

/// Section 2.2: lists and sizes, computed with the public rules.
@Suite struct SplitTests {
    @Test(arguments: [
        ("dsprites", [[], [1, 4], [2, 7, 12, 17, 22, 27, 32, 37], [2, 7, 11, 15, 20, 24, 29], [2, 7, 11, 15, 20, 24, 29]],
         [[], [4, 5], Array(32...39), Array(25...31), Array(25...31)], [[], [], [0, 1, 2, 3], [0, 1, 2], [0, 1, 2]], 0.123430, 240_000, 192_312),
        ("injective", [[], [1, 4], [2, 7], [2, 7, 11, 15, 20, 24, 29], [2, 7, 11, 15, 20, 24, 29]],
         [[], [4, 5], [8, 9], Array(25...31), Array(25...31)], [[], [], [0], [0, 1, 2], [0, 1, 2]], 0.123430, 60_000, 48_078),
        ("rooms", [[2, 7], [2, 7], [2, 7], [2, 5], [], [2, 7, 12]], [[8, 9], [8, 9], [8, 9], [6, 7], [], [12, 13, 14]], [[0], [0], [0], [], [], [0]], 0.110674, 147_456, 153_408),
        ("arm", [[3], [], [], [1], [1], [5, 15, 24, 34], [5, 15, 24, 34]], [[5], [], [], [2], [2], [36, 37, 38, 39], [36, 37, 38, 39]],
         [[], [], [], [], [], Array(0...5), Array(0...5)], 0.163525, 311_040, 287_712),
        ("celebglow", [[], [1, 4], [1, 4], [1, 4]], [[], [4, 5], [4, 5], [4, 5]], [[], [0], [0], [0]], 0.2, 64_000, 91_000),
        ("sprites", [[], [1, 4], [2, 7], [2, 6, 9, 13], [2, 6, 9, 13]], [[], [4, 5], [8, 9], [12, 13, 14, 15], [12, 13, 14, 15]], [[], [], [0], [0], [0]], 0.123430, 13_824, 9_630),
    ] as [(String, [[Int]], [[Int]], [[Int]], Double, Int, Int)])
    func `lists and sizes are those of the sheet`(name: String, interpolation: [[Int]], extrapolation: [[Int]], composition: [[Int]], q: Double, sizeBoth: Int, sizeComposition: Int) throws {
        let sets = [Sets.dsprites, Sets.injective, Sets.rooms, Sets.arm, Sets.celebGlow, Sets.sprites]
        let own = try #require(sets.first { $0.name == name })
        let inner = try own.split(.interpolation), outer = try own.split(.extrapolation), mixed = try own.split(.composition)
        #expect(inner.lists == interpolation && outer.lists == extrapolation && mixed.lists == composition)
        #expect(abs(mixed.compositionShare - q) < 1e-6)
        let total = Double(own.factors.reduce(1) { $0 * $1.size })
        #expect(Int((inner.trainingShare * total).rounded()) == sizeBoth && Int((outer.trainingShare * total).rounded()) == sizeBoth && Int((mixed.trainingShare * total).rounded()) == sizeComposition)
    }

    @Test func `interpolation rounds half to even`() throws {
        func list(_ t: Int, _ r: Double) throws -> [Int] { try FactorSplit(.interpolation, of: [.init("f", t)], heldOutShare: r).lists[0] }
        #expect(try list(6, 0.2) == [1, 4])
        #expect(try list(6, 0.1) == [3])
        #expect(try list(3, 0.1) == [1])
        #expect(try list(40, 0.1) == [5, 15, 24, 34])
    }

    @Test(arguments: FactorSplit.Kind.allCases.filter { $0 != .given })
    func `training and test are disjoint and complete, and every seen value trains`(kind: FactorSplit.Kind) throws {
        for own in [Sets.sprites, Sets.celebGlow] {
            let split = try own.split(kind), parts = try FactorPartition(split), count = own.factors.reduce(1) { $0 * $1.size }
            #expect(Set(parts.training).isDisjoint(with: parts.test) && parts.training.count + parts.test.count == count)
            if kind != .random { #expect(abs(Double(parts.training.count) - split.trainingShare * Double(count)) < 0.5) }
            #expect(parts.oneFactor.joined().allSatisfy(Set(parts.test).contains))
            #expect(kind.hasUnseenValues || parts.oneFactor.allSatisfy(\.isEmpty))
            // Values of the training part, by factor.
            var seen = own.factors.map { _ in Set<Int>() }
            for index in parts.training {
                var rest = index
                for j in own.factors.indices.reversed() {
                    seen[j].insert(rest % own.factors[j].size)
                    rest /= own.factors[j].size
                }
            }
            for j in own.factors.indices { #expect(seen[j] == Set((0..<own.factors[j].size).filter { split.isSeen(j, $0) })) }
        }
    }

    @Test func `the random division is the hash's`() throws {
        for (index, wanted) in [0.883311, 0.566562, 0.591190, 0.113450, 0.431456].enumerated() { #expect(abs(FactorHash.uniform(UInt64(index)) - wanted) < 1e-6) }
        #expect((0..<46_080).count { FactorHash.uniform(UInt64($0)) < 0.3 } == 13_886)
        #expect(try FactorPartition(Sets.sprites.split(.random)).training.count == 13_886)
    }

    @Test func `composition trains every image at x = 0 and none of which all factors lie outside of their lists`() throws {
        let split = try Sets.sprites.split(.composition)
        for y in 0..<16 { #expect(split.isTraining([1, 2, 3, 0, y], index: 0)) }
        #expect(!split.isTraining([0, 0, 1, 1, 1], index: 0) && split.isTraining([0, 0, 0, 1, 1], index: 0))
        let kinds = try [FactorSplit.Kind.interpolation, .extrapolation].map { try FactorPartition(Sets.sprites.split($0)).oneFactor.map(\.count) }
        #expect(kinds == [[0, 6912, 3456, 4608, 4608], [0, 6912, 3456, 4608, 4608]])
    }

    @Test func `what cannot be divided is refused with a sentence`() {
        func refused(_ kind: FactorSplit.Kind, _ factors: [FactorDataset.Factor], _ r: Double, _ q: Double? = nil) -> String {
            do { _ = try FactorSplit(kind, of: factors, heldOutShare: r, compositionShare: q); return "" } catch { return "\(error)" }
        }
        for r in [0, 1, -0.2, 1.5, Double.nan] { #expect(refused(.extrapolation, Sets.sprites.factors, r).contains("above 0 and below 1")) }
        #expect(refused(.extrapolation, [.init("size", 2)], 0.6).contains("factor size has 2 values"))
        #expect(refused(.interpolation, [.init("size", 2)], 0.1).contains("too few to train"))
        #expect(refused(.composition, [.init("size", 3)], 0.9).contains("lists no value"))
        #expect(refused(.interpolation, [.init("shape", 3, isKept: true)], 0.2).contains("every factor is kept"))
        #expect(refused(.given, Sets.sprites.factors, 0.2).contains("no division of its own"))
    }
}
