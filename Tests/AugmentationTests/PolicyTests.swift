import Augmentation
import Datasets
import Experiments
import Foundation
import Tensors
import Testing

@Suite struct PolicyTests {
    private func text(_ policy: AugmentationPolicy = PublishedPolicies.deepAutoAugment) -> String { String(decoding: PolicyFile.encoded(policy, origin: [("dataset", "a \"set\"")]), as: UTF8.self) }

    private func sentence(_ text: String) -> String {
        do {
            _ = try PolicyFile.decoded(Array(text.utf8))
            return "a policy"
        } catch { return "\(error)" }
    }

    @Test func `a policy comes back from its file bit for bit`() throws {
        for policy in [PublishedPolicies.deepAutoAugment, try AugmentationPolicy.uniform(layers: 3)] {
            #expect(try PolicyFile.decoded([UInt8](PolicyFile.encoded(policy))) == policy)
            #expect(PolicyFile.encoded(try PolicyFile.decoded([UInt8](PolicyFile.encoded(policy)))) == PolicyFile.encoded(policy))
        }
    }

    @Test func `every fault of a policy file is named`() throws {
        let whole = text()
        #expect(sentence(whole) == "a policy")
        for (from, to, says) in [
            ("lathe augmentation policy", "a song", "is no policy"), ("\"version\": 1", "\"version\": 2", "a version that this program does not read"),
            ("[\"ShearX\", 0]", "[\"Shear\", 0]", "operation 1: “Shear” is no transform"), ("[\"ShearX\", 0]", "[\"ShearX\", 13]", "ShearX has the magnitude 13, outside 0 … 12"),
            ("[\"ShearX\", 0]", "[\"ShearX\", 6]", "ShearX with magnitude 6 is no operation, since that changes nothing"), ("[\"Flip\", 6]", "[\"Flip\", 5]", "since it has none but 6"),
            ("[\"ShearX\", 0]", "[\"ShearY\", 0]", "another list of operations"), ("[\"Identity\", 6], ", "", "another list of operations"), (", [\"Crop\", 6]", "", "lists 138 operations"),
            ("[\"ShearX\", 0]", "\"ShearX\"", "is no pair"),
        ] {
            let changed = whole.replacingOccurrences(of: from, with: to)
            #expect(changed != whole && sentence(changed).contains(says), "\(from): \(sentence(changed))")
        }
        for length in stride(from: 0, to: whole.utf8.count - 1, by: 97) { #expect(sentence(String(whole.prefix(length))) != "a policy") }
    }

    @Test func `layers that are no probabilities are refused, small errors of the sum renormalised`() throws {
        let count = 139, even = Array(repeating: 1 / Double(count), count: count)
        func sentence(_ layers: [[Double]]) -> String { do { return "\(try AugmentationPolicy(layers: layers).layers.count)" } catch { return "\(error)" } }
        #expect(sentence([]).contains("needs at least one layer") && sentence([even, Array(even.dropLast())]).contains("layer 2 of the policy has 138 probabilities"))
        for bad in [-0.1, .nan, .infinity] {
            var layer = even
            layer[49] = bad
            #expect(sentence([layer]).contains("gives Rotate m0 the probability"), "\(sentence([layer]))")
        }
        var layer = even
        layer[0] += 0.01
        #expect(sentence([layer]).contains("sum to"))
        layer[0] = even[0] + 5e-4
        #expect(abs(try AugmentationPolicy(layers: [layer]).layers[0].reduce(0, +) - 1) < 1e-12)
        var random = RandomSource(seed: 1)
        // Damaged numbers never reach a trap.
        for _ in 0..<200 {
            let bytes = [UInt8](PolicyFile.encoded(PublishedPolicies.deepAutoAugment))
            var damaged = bytes
            damaged[random.integer(below: bytes.count)] = UInt8(random.integer(below: 256))
            _ = try? PolicyFile.decoded(damaged)
        }
        #expect(throws: AugmentationError.self) { try PolicyFile.read(path: "/nowhere/policy.json") }
        #expect(throws: AugmentationError.self) { try PolicyFile.read(path: "/dev/zero") }
    }

    @Test func `operations are drawn as often as the policy says`() throws {
        var random = RandomSource(seed: 5), counts = [Int](repeating: 0, count: 139)
        let policy = PublishedPolicies.deepAutoAugment, draws = 40_000
        for _ in 0..<draws { counts[policy.draw(layer: 0, &random)] += 1 }
        for (count, p) in zip(counts, policy.layers[0]) {
            #expect(p > 0 || count == 0)
            #expect(abs(Double(count) / Double(draws) - p) <= 5 * (p * (1 - p) / Double(draws)).squareRoot())
        }
    }

    @Test func `the published policy has the entropies of the paper's file`() {
        for (layer, entropy) in zip(PublishedPolicies.deepAutoAugment.layers, [3.635, 0.418, 0.540, 0.978, 1.477, 0.208]) {
            // Rounded to thousandths it misses the smallest entries.
            #expect(abs(AugmentationPolicy.entropy(layer) - entropy) < 0.15, "\(AugmentationPolicy.entropy(layer))")
        }
    }

    @Test func `random operations are drawn within their bounds and as often as they should be`() {
        var random = RandomSource(seed: 2), mirrored = 0, offsets = Set<[Int]>()
        for _ in 0..<2000 {
            if PolicyOperation(.flip, 6).drawn(width: 32, height: 32, &random) == .mirror { mirrored += 1 }
            if case .window(let x, let y, _) = PolicyOperation(.crop, 6).drawn(width: 32, height: 32, &random) { offsets.insert([x, y]) }
            guard case .fill(let x, let y, _) = PolicyOperation(.cutout, 6).drawn(width: 32, height: 32, &random) else { Issue.record("no rectangle"); return }
            #expect(x.lowerBound >= 0 && x.upperBound <= 32 && x.count <= 17 && y.lowerBound >= 0 && y.upperBound <= 32 && y.count <= 17)
        }
        #expect(abs(mirrored - 1000) < 120 && offsets.count == 81 && offsets.allSatisfy { $0.allSatisfy { (-4...4).contains($0) } })
    }

    @Test func `arms are read, and words that are none are named`() throws {
        let arms = try AugmentationArm.parse("none, default+cutout16, trivial alone, trivial, deepaa,none", .init())
        #expect(arms.map(\.name) == ["none", "default cutout16", "trivial alone", "trivial", "deepaa"])
        #expect(arms[1].augmentation.erases && arms[1].augmentation.crop == .black && arms[2].augmentation.crop == nil && arms[3].augmentation.flips && arms[4].isFound)
        for (text, says) in [("", "names no augmentation"), ("best", "“best” is no augmentation"), ("default alone", "has no crop and flip"), ("trivial twice", "“twice” is no word")] {
            let error = #expect(throws: AugmentationError.self) { try AugmentationArm.parse(text, .init()) }
            #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
        }
        var random = RandomSource(seed: 3)
        for name in AugmentationArm.names.map(\.name) {
            let arm = try AugmentationArm.parse(name, .init())[0]
            for _ in 0..<300 {
                var chain: [PixelOperation] = []
                arm.augmentation.draw(width: 32, height: 32, into: &chain, &random)
                #expect(name == "none" || name == "deepaa" ? chain.isEmpty : true)
                #expect(Pictures.changedBy(chain).count == 3072)
            }
        }
    }

    @Test func `another method's training takes one augmentation by name, and deepaa from a file`() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("policy-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try PolicyFile.encoded(PublishedPolicies.deepAutoAugment).write(to: file)
        guard case .policy(let policy, _) = try AugmentationArm.one("deepaa", policyFile: file.path, parameter: "p").automatic else { Issue.record("no policy"); return }
        #expect(policy == PublishedPolicies.deepAutoAugment)
        for (text, says) in [("deepaa", "needs a policy"), ("none, crop", "names 2 augmentations"), ("x", "is no augmentation")] {
            do { _ = try AugmentationArm.one(text, policyFile: "", parameter: "p"); Issue.record("\(text) is taken") } catch { #expect("\(error)".contains(says)) }
        }
    }

    @Test func `the signs of a policy are mirrored where that is asked`() throws {
        var layer = [Double](repeating: 0, count: 139)
        layer[49] = 1
        let policy = try AugmentationPolicy(layers: [layer])
        var random = RandomSource(seed: 4)
        func values(_ mirrors: Bool) -> Set<PixelOperation> {
            Set((0..<100).flatMap { _ in
                var chain: [PixelOperation] = []
                Augmentation(automatic: .policy(policy, mirrorsSigns: mirrors)).draw(width: 32, height: 32, into: &chain, &random)
                return chain
            })
        }
        #expect(values(false) == [.rotate(-30)] && values(true) == [.rotate(-30), .rotate(30)])
    }
}

extension Pictures {
    static func changedBy(_ chain: [PixelOperation]) -> [UInt8] {
        var editor = PixelEditor(width: 32, height: 32)
        editor.load(base, at: 0)
        editor.apply(chain)
        return editor.pixels
    }
}

@Suite struct PictureTests {
    @Test func `digits are enlarged, pictures of 28 bordered, larger ones refused`() throws {
        let digits = try DatasetLibrary(folders: []).images("digits"), table = try PictureTable(digits, part: digits.training)
        #expect(table.width == 32 && table.count == 1797 && table.pixels.count == 1797 * 3072)
        for y in 0..<32 { for x in 0..<32 { #expect(table.pixels[3 * (32 * y + x) + 1] == UInt8(Int(digits.training.pixels[y / 4 * 8 + x / 4]) * 255 / 16)) } }
        let ones = try ImageDataset(identifier: "a", checksum: "", width: 28, height: 28, channels: 1, classNames: ["a"], training: .init(pixels: [UInt8](repeating: 1, count: 784), labels: [0]))
        let bordered = try PictureTable(ones, part: ones.training)
        #expect(sum(bordered.pixels) == 3 * 784 && bordered.pixels[3 * (2 * 32 + 2)] == 1 && bordered.pixels[3 * (2 * 32 + 1)] == 0 && bordered.pixels[3 * (29 * 32 + 29)] == 1)
        let large = try ImageDataset(identifier: "large", checksum: "", width: 64, height: 64, channels: 1, classNames: ["a"], training: .init(pixels: [UInt8](repeating: 1, count: 4096), labels: [0]))
        let error = #expect(throws: AugmentationError.self) { try PictureTable(large, part: large.training) }
        #expect(error?.description.contains("large has pictures of 64 x 64") == true)
    }

    @Test func `batches are normalised, and erased squares are zero`() throws {
        let table = PictureTable(width: 32, height: 32, pixels: Pictures.base + Pictures.noise, labels: [0, 1], classNames: ["a", "b"])
        var batches = PictureBatches(table, .cifar)
        let plain = batches.tensor([1, 0])
        #expect(abs(plain[0, 9, 5, 2] - Float((Double(Pictures.noise[3 * (9 * 32 + 5) + 2]) / 255 - 0.44653091) / 0.2010)) < 1e-6)
        #expect(abs(plain[1, 9, 5, 0] - Float((43.0 / 255 - 0.49139968) / 0.2023)) < 1e-6)
        var random = RandomSource(seed: 1)
        var augmentation = Augmentation.none
        augmentation.erases = true
        let erased = batches.tensor([0], augmentation, &random)
        let zeros = erased.scalars.count { $0 == 0 }
        #expect(zeros % 3 == 0 && zeros >= 3 * 64 && zeros <= 3 * 256)
        let own = PictureNormalisation(of: table)
        var mine = PictureBatches(table, own)
        let numbers = mine.tensor([0, 1]).scalars, mean = numbers.reduce(0, +) / Float(numbers.count)
        #expect(abs(mean) < 1e-4)
        var (a, b) = (RandomSource(seed: 7), RandomSource(seed: 7))
        #expect(batches.tensor([0, 1], .standard, &a).scalars == batches.tensor([0, 1], .standard, &b).scalars)
    }

    @Test func `generated shapes have their classes, and mirrored arrows are arrows of the other side`() throws {
        let shapes = try DatasetLibrary(folders: []).images("shapes32")
        #expect(shapes.training.count == 900 && shapes.test?.count == 2000 && shapes.classNames.count == 8)
        #expect(shapes.preview().classes.allSatisfy { (362...363).contains($0.count) })
        // An arrow is broad at its base: the mean column of its colour lies away from its tip.
        func lean(_ picture: [UInt8]) -> Double {
            var sum = 0, count = 0, low = 32, high = 0
            for y in 0..<32 {
                for x in 0..<32 where Int(picture[3 * (32 * y + x)]) - Int(picture[3 * (32 * y + x) + 2]) > 60 {
                    sum += x
                    count += 1
                    low = min(low, x)
                    high = max(high, x)
                }
            }
            return count == 0 ? 0 : Double(sum) / Double(count) - Double(low + high) / 2
        }
        var left = 0, right = 0, turned = 0
        for row in stride(from: 0, to: 400, by: 8) {
            let picture = Array(try #require(shapes.pixels(at: row)))
            if lean(picture) > 0 { left += 1 }
            if lean(Array(try #require(shapes.pixels(at: row + 2)))) < 0 { right += 1 }
            if lean(Pictures.changed(picture, .mirror)) < 0 { turned += 1 }
        }
        #expect(right >= 45 && left >= 45 && turned >= 45, "\(right) \(left) \(turned) of 50")
    }
}
