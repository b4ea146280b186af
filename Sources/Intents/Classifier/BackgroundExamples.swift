// SPDX-License-Identifier: Apache-2.0

/// Ordinary sentences that belong to no assistant in particular: what an intent must be told from when there are few.
enum BackgroundExamples {
    /// The sentences that share no content word with `examples`: an assistant about weather keeps weather to itself.
    static func sentences(without examples: [FoldedText]) -> [FoldedText] {
        var known = Set<UInt64>()
        for example in examples {
            for word in example.words where word.end - word.start >= 4 { known.insert(word.hash) }
        }
        return list.map { FoldedText($0) }.filter { sentence in
            !sentence.words.contains { known.contains($0.hash) && $0.end - $0.start >= 5 }
        }
    }

    private static let list = [
        "what is the capital of france", "tell me a joke", "who won the football game last night",
        "how do i cook rice", "what's the weather like outside", "play some music",
        "how tall is the eiffel tower",
        "translate hello into spanish", "what is the meaning of life", "set an alarm", "my dog ate a sock",
        "how many planets are there", "who is the president of the united states",
        "write a poem about the sea",
        "what is seven times eight", "turn off the lights in the kitchen", "recommend a good film",
        "i like turtles",
        "when was the first world war", "how do airplanes fly", "what stocks should i buy", "the sky is blue",
        "can birds swim", "give me a recipe for banana bread", "what does entropy mean",
        "how far is the moon",
        "sing a song", "do you believe in ghosts", "what is the fastest car", "my neighbour plays the drums",
        "how old is the universe", "is it raining in tokyo", "who painted the mona lisa", "flip a coin",
        "i went fishing yesterday", "which language is spoken in brazil", "why is grass green",
        "tell me something funny",
        "what time is it in london", "how do i tie a tie", "the train was late again", "are you a robot",
        "convert miles to kilometres", "what should i wear to a wedding", "how deep is the ocean",
        "spell necessary",
        "what is the best pizza topping", "did the lakers win", "asdf qwer zxcv", "blah blah", "lorem ipsum",
    ]
}
