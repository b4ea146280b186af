// SPDX-License-Identifier: Apache-2.0

/// Ordinary words that must never be taken for a misspelt symptom: `chess` is not `chest`.
enum CommonWords {
    static let list: [String] = text.split(whereSeparator: \.isWhitespace).map(String.init)

    private static let text = """
        about above accept access account across action active actually added address adult advice afraid after afternoon
        again against agent agree ahead alarm album alive allow almost alone along already also although always amount
        angry animal another answer anyone anything anyway apart appear apple apply appointment april area around arrive
        asked asking august available average avoid awake award aware awful basic basis beach beans beard beast became
        because become before began begin behind being belief believe below bench beside best better between beyond
        birth birthday black blame blank blind block board boost booked booking border bored bother bottle bottom bought
        brain brand brave bread break breast brick bride brief bright bring broad brought brown brush build built burst
        business buyer cabin cable cakes calendar called calling camera cancel candle cannot cards career careful carry
        catch cause cautious center central centre chain chair chance change channel charge chart chase cheap cheat check
        checked cheer cheese cheque chess chief child children chill china choice choose chose christmas church cities
        civil claim class clean clear client climb clinic close clothes cloud coach coast coffee color colour comes coming
        common company complete computer contact correct could count country couple course court cover craft cream credit
        crest crowd crush crust current customer cycle daily dance danger dates dealt dear debit december decide delay
        deliver delivery depth detail device different dinner discount doctor doctors doing doubt draft drama dream dress
        drink drive driver during early earth easier easily east eight either email empty enemy energy engine english enjoy
        enough enter entry equal error event every everyone everything exact exam example except exist expect explain
        express extra fails faint faith false family fancy fault favor february feeling fewer field fifth fight figure
        final finally finance finding finger finish first fixed flash flight floor flour flower focus following food
        force forget form forth found frame fresh friday friend friends front fruit fully funny further future games
        garden general getting giant given gives giving glass going grand grant grass great green greet group grown guard
        guess guest guide habit hands happen happened happens happy hardly having health hearing hearth heavily hello help
        hence hobby holiday honest horse hospital hotel hours house however human hundred hurry ideal image imagine
        important index inner inside instead insurance internet invite issue issues items itself january joint judge juice
        julys kitchen knife known label language large laser later laugh laundry layer leader learn lease least leave legal
        lemon letter level light limit lines little lived lively living loans local logic login looking loose lower lucky
        lunch lying magic major maker making march market match maybe mayor means meant medal media meeting member memory
        mental message metal might minor minus minute minutes missed mixed mobile model modem money month months moral
        morning motor mount mouse mouth moved movie music myself named nasty needs never newly night nobody noise normal
        north noted nothing notice november novel number nurse object ocean october offer office often older online only
        onset opened opening option order orders other ought outer outside owned owner paint painting panel panic paper
        parcel parent parents parking party password patch patient patients pause payment peace people perfect perhaps
        person phase phone photo picture piece pizza place plain plane plans plant plate player please point police policy
        portal pound power press price pride prime print prior prize probably problem product program promise proof proud
        prove public pulse purple queen query quest question quick quickly quiet quite quote radio raise range rapid rated
        rather ratio reach react reading ready really reason recent recipe record refund refuse regular relax remind repair
        repeat reply report request require reset result results return review right river rough round route royal rural
        salad sales saturday saved saying scale scene schedule school scope score screen search season second section
        security seems select sense september serve service setting seven shade shake shall shape share sharp sheet shelf
        shell shift shine shirt shock shoes shoot shops short should shown sight simple since single sister sixth size
        skill sleep slice slide small smart smile smith smoke social solid solve someone something sometimes sorry sound
        south space spare speak special speech speed spell spend spent split spoke sport staff stage stairs stamp stand
        start started state station stays steak steal steam steel steep stick still stock stoke stole stone stood stop
        store storm story straight street strike string strong study stuff style sugar suite summer sunday super support
        sweet swim system table taken takes taking talking taste teach teeth thank thanks their theme there these thick
        thing things think third those though thought three threw throughout thursday ticket tiger tight times tired title
        today together tomorrow tonight tooth topic total touch tough tower track trade train travel treat treating trend
        trial trick tried trip truck truly trust truth trying tuesday twice twist under unless until update upper upset
        urban usage useful usual usually valid value video visit vital voice waist waiting walked walking wants waste watch
        watched water wednesday weeks weight weird welcome were wheel where whether which while white whole whose winter
        within without woman women wonder words working works world worry worse worst worth would wound write writer
        writing wrong wrote years yesterday yield young yours youth
        breeding blending blessing leading heating beating hearted heard beard chat cheats chests clots slots knots seize
        seizes sized stroll strobe stroked struck choking joking poking cooking chocking bleach breach breadth broth
        breathed brother brothers breather paints pained painted attach attached attack attacks allergy breast numb number
        numbers numbered collage colleague collapsible position portion poising poison potion fashion feinting painting
        fasting tainted sided suits cider pilot pills bills fills kills kilt hurts heats meats
        """
}
